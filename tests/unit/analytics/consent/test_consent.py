from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.analytics.consent.choice_in_pages import ToldPages
from backstage_py.analytics.consent.choices import Choices
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.endpoint import ChoiceEndpoint
from backstage_py.analytics.consent.rules import Choice, PrivacySettings
from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.identity.identity import GuestIdentityApi, IdentityApi
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.endpoint import EventsEndpoint
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.consent.people import Accounts

BASE_URL = "https://portal.example"
ANN, BEN = {"X-User": "user:default/ann"}, {"X-User": "user:default/ben"}
GPC = {"Sec-GPC": "1"}
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'events.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = open_engine({"DATABASE_URL": url})
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    migrate(engine)
    yield engine
    engine.dispose()


class Portal:
    """The endpoints of events and choices, and a page, on one database."""

    def __init__(self, engine: Engine, identity: IdentityApi, **rules: Any) -> None:
        self.store = EventStore(engine)
        self.consent = Consent(PrivacySettings(**rules), identity, Choices(engine))
        self.ingest = Ingest(self.store, list_declined=self.consent.list_declined)
        events = EventsEndpoint(
            ingest=self.ingest,
            store=self.store,
            identity=identity,
            may_read=lambda _user: True,
            rate_limit=RateLimit(1_000_000, 1_000_000),
            has_consent=self.consent.is_given,
        )
        routes = [
            events.route("/api/events"),
            ChoiceEndpoint(self.consent, origins=Origins(BASE_URL)).route("/api/events/choice"),
            Route("/", lambda _request: PlainTextResponse("a page")),
        ]
        self._app = ToldPages(Starlette(routes=routes), self.consent)

    def browser(self) -> TestClient:
        """A browser with cookies of its own."""
        return TestClient(self._app)

    def subjects(self) -> list[str]:
        return [event.subject for event in self.store.stream()]


def send(browser: TestClient, subject: str, headers: dict[str, str]) -> dict[str, Any]:
    event = {"id": new_event_id(), "action": "click", "subject": subject}
    return browser.post("/api/events", json={"events": [event]}, headers=headers).json()


def choose(browser: TestClient, choice: str, headers: dict[str, str]) -> Any:
    return browser.put("/api/events/choice", json={"choice": choice}, headers=headers)


@pytest.fixture
def portal(engine: Engine) -> Portal:
    return Portal(engine, Accounts())


def test_a_no_follows_its_user_to_every_browser_and_to_nobody_else(portal: Portal) -> None:
    choose(portal.browser(), "off", ANN)

    answer = send(portal.browser(), "of Ann", ANN)
    send(portal.browser(), "of Ben", BEN)

    assert (answer["accepted"], answer["duplicates"], answer["declined"]) == (0, 0, True)
    assert [one["reason"] for one in answer["rejected"]] == [
        "user: does not want to be recorded. Send nothing"
    ]
    assert portal.subjects() == ["of Ben"]


def test_behind_a_proxy_the_choice_is_taken_from_the_portals_own_pages_only(
    portal: Portal,
) -> None:
    own, other = ({**ANN, "Origin": origin} for origin in (BASE_URL, "https://evil.example"))

    assert choose(portal.browser(), "off", own).status_code == 200
    assert choose(portal.browser(), "on", other).status_code == 403


def test_people_who_change_their_mind_are_recorded_again(portal: Portal) -> None:
    browser = portal.browser()
    choose(browser, "off", ANN)
    send(browser, "before", ANN)
    choose(browser, "on", ANN)

    assert send(browser, "after", ANN) == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert portal.subjects() == ["after"]


@pytest.mark.parametrize("signal", [GPC, {"DNT": "1"}])
def test_nothing_is_taken_from_a_browser_that_signals(
    portal: Portal, signal: dict[str, str]
) -> None:
    assert send(portal.browser(), "click", {**ANN, **signal})["declined"] is True
    assert portal.subjects() == []


def test_a_yes_in_the_face_of_the_signal_counts_and_one_without_it_does_not(
    portal: Portal,
) -> None:
    without, signalling = portal.browser(), portal.browser()
    choose(without, "on", ANN)
    signalling.get("/", headers={**PAGE, **ANN, **GPC})
    send(signalling, "too early", {**ANN, **GPC})

    answer = choose(signalling, "on", {**ANN, **GPC})
    send(signalling, "wanted", {**ANN, **GPC})

    assert answer.json() == {"choice": "regardless"}
    assert portal.subjects() == ["wanted"]


def test_where_consent_is_asked_for_nothing_is_taken_before_it_is_given(engine: Engine) -> None:
    portal = Portal(engine, Accounts(), consent="asked")
    browser = portal.browser()

    before = send(browser, "before", ANN)
    choose(browser, "on", ANN)
    send(browser, "after", ANN)

    assert before["declined"] is True
    assert portal.subjects() == ["after"]


def test_handlers_captures_of_people_who_opted_out_elsewhere_are_not_stored(portal: Portal) -> None:
    from backstage_py.analytics.event import AnalyticsEvent

    choose(portal.browser(), "off", ANN)
    for user in (*ANN.values(), *BEN.values()):
        event = AnalyticsEvent(action="deploy", subject=user)
        portal.ingest.record(event, session_id=None, user=user)
    portal.ingest.close()

    assert portal.subjects() == ["user:default/ben"]


def test_a_guests_choice_is_of_their_browser_since_many_people_are_the_guest(
    engine: Engine,
) -> None:
    portal = Portal(engine, GuestIdentityApi())
    one, other = portal.browser(), portal.browser()

    choose(one, "off", {})
    send(one, "of one", {})
    send(other, "of the other", {})

    assert portal.subjects() == ["of the other"]
    assert one.get("/api/events/choice").json() == {
        "isRecorded": False,
        "choice": "off",
        "hasSignal": False,
        "isKept": False,
    }


def test_a_page_brings_along_what_its_user_has_chosen(portal: Portal) -> None:
    choose(portal.browser(), "off", ANN)
    new = portal.browser()

    first = new.get("/", headers={**PAGE, **ANN})
    second = new.get("/", headers={**PAGE, **ANN})

    assert new.cookies["backstage_py_choice"] == "off"
    assert "set-cookie" in first.headers
    assert "set-cookie" not in second.headers


def test_the_yes_of_a_browsers_previous_user_does_not_count_for_the_next(portal: Portal) -> None:
    shared = portal.browser()
    choose(shared, "on", {**ANN, **GPC})

    shared.get("/", headers={**PAGE, **BEN, **GPC})

    assert "backstage_py_choice" not in shared.cookies
    assert send(shared, "of Ben", {**BEN, **GPC})["declined"] is True


def test_a_no_at_a_browser_stays_until_the_next_user_says_yes(portal: Portal) -> None:
    shared = portal.browser()
    choose(shared, "off", {})

    assert send(shared, "of Ben", BEN)["declined"] is True
    assert shared.get("/api/events/choice", headers=BEN).json()["choice"] == "off"
    choose(shared, "on", BEN)
    send(shared, "of Ben, later", BEN)

    assert portal.subjects() == ["of Ben, later"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"choice": "maybe"}', b'{"choice": 1}']
)
def test_an_invalid_choice_is_refused_and_changes_nothing(portal: Portal, body: bytes) -> None:
    browser = portal.browser()
    choose(browser, "off", ANN)

    headers = {**ANN, "Content-Type": "application/json"}
    answer = browser.put("/api/events/choice", content=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "choice"
    assert browser.get("/api/events/choice", headers=ANN).json()["choice"] == "off"


def test_a_page_of_another_host_cannot_choose_in_ones_name(portal: Portal) -> None:
    headers = {**ANN, "Origin": "https://evil.example"}

    assert choose(portal.browser(), "on", headers).status_code == 403


def test_pages_are_served_while_the_database_is_away(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Choices, _user: str) -> Choice | None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(Choices, "find", fail)

    assert portal.browser().get("/", headers={**PAGE, **ANN}).text == "a page"
    assert portal.browser().get("/api/events/choice", headers=ANN).status_code == 503
