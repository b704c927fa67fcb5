import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics.event import TRUNCATED, RecordedEvent, new_event_id
from backstage_py.analytics.identity.identity import GuestIdentityApi
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.endpoint import BATCH_EVENTS, BODY_BYTES, EventsEndpoint
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.recorded import recorded

JSON = {"Content-Type": "application/json"}
GUEST = "user:default/guest"


class Desk:
    """The endpoint, and the record behind it."""

    def __init__(
        self,
        store: EventStore,
        *,
        readers: tuple[str | None, ...],
        burst: float,
        base_url: str | None = None,
    ) -> None:
        self.store, self.metrics = store, Metrics()
        endpoint = EventsEndpoint(
            ingest=Ingest(store, metrics=self.metrics),
            store=store,
            identity=GuestIdentityApi(),
            may_read=lambda user: user in readers,
            rate_limit=RateLimit(per_second=1, burst=burst),
            origins=Origins(base_url),
        )
        self.client = TestClient(Starlette(routes=[endpoint.route("/api/events")]))

    def post(self, content: Any, headers: Mapping[str, str] = JSON) -> Any:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.client.post("/api/events", content=body, headers=headers)

    def get(self, query: str = "") -> Any:
        return self.client.get(f"/api/events{query}")

    def stored(self) -> list[RecordedEvent]:
        return list(self.store.stream())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    yield EventStore(engine)
    engine.dispose()


@pytest.fixture
def desk(store: EventStore) -> Desk:
    return Desk(store, readers=(GUEST,), burst=1_000_000)


def event(**fields: Any) -> dict[str, Any]:
    return {"id": new_event_id(), "action": "click", "subject": "Docs", **fields}


def test_each_event_gets_its_verdict_and_the_good_ones_are_stored(desk: Desk) -> None:
    good, known = event(), event()
    desk.post({"events": [known]})

    answer = desk.post({"events": [good, known, event(id="bad"), 7], "sessionId": "visit-1"})

    assert answer.status_code == 200
    report = answer.json()
    assert (report["accepted"], report["duplicates"]) == (1, 1)
    assert [(one["index"], one["id"]) for one in report["rejected"]] == [(2, "bad"), (3, None)]
    assert [one.id for one in desk.stored()] == [known["id"], good["id"]]
    assert desk.stored()[1].session_id == "visit-1"


def test_whose_events_they_are_is_the_servers_word(desk: Desk) -> None:
    claims = {
        "user": "user:default/admin",
        "origin": "server",
        "receivedAt": "1999-01-01T00:00:00Z",
    }

    desk.post({"events": [event(**claims)], "user": "user:default/admin"})

    [stored] = desk.stored()
    assert (stored.user, stored.origin) == (GUEST, "browser")
    assert stored.received_at.year > 2000


def test_an_empty_batch_is_one(desk: Desk) -> None:
    assert desk.post({"events": []}).json() == {"accepted": 0, "duplicates": 0, "rejected": []}


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "text/plain"])
def test_a_beacon_may_say_that_it_is_text(desk: Desk, content_type: str) -> None:
    answer = desk.post({"events": [event()]}, {"Content-Type": content_type})

    assert answer.json()["accepted"] == 1


@pytest.mark.parametrize("content_type", ["", "application/xml", "multipart/form-data"])
def test_another_media_type_is_refused(desk: Desk, content_type: str) -> None:
    assert desk.post({"events": [event()]}, {"Content-Type": content_type}).status_code == 415


def test_a_compressed_body_is_refused_for_what_it_is(desk: Desk) -> None:
    body = gzip.compress(json.dumps({"events": [event()]}).encode())

    answer = desk.post(body, {**JSON, "Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "Content-Encoding")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b"[]", "body"),
        (b"{}", "events"),
        (b'{"events": {}}', "events"),
        (b'{"events": [], "sessionId": "a b"}', "sessionId"),
        (b'{"events": [], "sessionId": 7}', "sessionId"),
        (b"[" * 10_000 + b"]" * 10_000, "body"),
    ],
)
def test_an_invalid_batch_is_refused_with_the_field_and_the_fix(
    desk: Desk, body: bytes, field: str
) -> None:
    answer = desk.post(body)

    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["hint"]


@pytest.mark.parametrize(
    "broken",
    [
        b'{"id": "%s", "action": "", "subject": "s"}',
        b'{"id": "%s", "action": "a", "subject": "s", "timestamp": "yesterday"}',
        b'{"id": "%s", "action": "a", "subject": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    ],
)
def test_a_poisoned_event_is_named_and_costs_no_other(desk: Desk, broken: bytes) -> None:
    id_, good = new_event_id(), event()
    poison = broken.replace(b"%s", id_.encode())

    answer = desk.post(b'{"events": [' + poison + b"," + json.dumps(good).encode() + b"]}")

    assert answer.json()["accepted"] == 1
    assert [(one["index"], one["id"]) for one in answer.json()["rejected"]] == [(0, id_)]
    assert [one.id for one in desk.stored()] == [good["id"]]


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        (b'"subject": "\\u0000"', "subject"),
        (b'"subject": "ab\\ud83d"', "subject"),
        (b'"subject": "' + b"x" * 65_536 + b'"', "subject"),
        (b'"subject": "s", "value": 1e999', "value"),
        (b'"subject": "s", "value": "3"', "value"),
        (b'"subject": "s", "attributes": {"a": [[[[]]]], "b": 1}', "attributes.a"),
        (b'"subject": "s", "attributes": [1]', "attributes"),
        (b'"subject": "s", "context": {"a": null}', "context.a"),
    ],
)
def test_an_invalid_value_of_an_event_affects_nothing_else(
    desk: Desk, odd: bytes, named: str
) -> None:
    id_ = new_event_id().encode()

    answer = desk.post(b'{"events": [{"id": "' + id_ + b'", "action": "a", ' + odd + b"}]}")

    [stored] = desk.stored()
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (1, [])
    assert (stored.attributes or {})[TRUNCATED] == named


@pytest.mark.parametrize("year", [1970, 2031])
def test_an_event_of_another_age_costs_no_other(desk: Desk, year: int) -> None:
    old, good = event(timestamp=f"{year}-01-01T00:00:00Z"), event()

    assert desk.post({"events": [old, good]}).json()["accepted"] == 2
    assert {one.id for one in desk.stored()} == {old["id"], good["id"]}


def test_a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length(desk: Desk) -> None:
    body = b'{"events": ["' + b"x" * BODY_BYTES + b'"]}'

    told = desk.post(body)
    untold = desk.client.post("/api/events", content=iter([body[:10], body[10:]]), headers=JSON)

    assert (told.status_code, untold.status_code) == (413, 413)


def test_a_connection_whose_body_is_not_read_is_not_used_again(desk: Desk) -> None:
    large = desk.post(b" " * (BODY_BYTES + 1))
    typed = desk.post({"events": []}, {"Content-Type": "application/xml"})
    read = desk.post({"events": [0] * (BATCH_EVENTS + 1)})

    assert [answer.headers.get("Connection") for answer in (large, typed, read)] == [
        "close",
        "close",
        None,
    ]


def test_a_batch_over_the_limit_is_refused(desk: Desk) -> None:
    answer = desk.post({"events": [0] * (BATCH_EVENTS + 1)})

    assert (answer.status_code, answer.json()["error"]["field"]) == (413, "events")


def test_a_sender_that_is_too_fast_is_told_when_to_retry(store: EventStore) -> None:
    desk = Desk(store, readers=(), burst=2)

    answers = [desk.post({"events": [event()]}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert store.count() == 2


def test_a_store_that_does_not_answer_is_a_matter_of_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> list[bool]:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "append", locked)
        refused = desk.post({"events": [event()]})

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert desk.post({"events": [event()]}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 200),
        ("http://testserver:3000", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_a_page_of_another_site_may_not_send(desk: Desk, origin: str, status: int) -> None:
    answer = desk.post({"events": [event()]}, {**JSON, "Origin": origin})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://portal.example.com", 200), ("https://evil.example", 403), ("null", 403)],
)
def test_behind_a_proxy_the_apps_own_address_counts(
    store: EventStore, origin: str, status: int
) -> None:
    desk = Desk(store, readers=(), burst=10, base_url="https://portal.example.com/")

    answer = desk.post({"events": [event()]}, {**JSON, "Origin": origin})

    assert answer.status_code == status


def test_another_site_is_counted_each_time_and_logged_once_with_what_to_do(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {**JSON, "Origin": "https://split.example"}

    answers = [desk.post({"events": [event()]}, headers) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {403}
    assert "app.baseUrl in app-config.yaml" in answers[0].json()["error"]["hint"]
    assert [one.getMessage() for one in caplog.records if "split.example" in one.getMessage()] == [
        "Events of pages at https://split.example are refused: it is another site than testserver. "
        + answers[0].json()["error"]["hint"]
    ]
    assert "analytics_events_refused_origins_total 2.0" in desk.metrics.to_text().decode()


def test_a_page_of_another_site_may_not_read(desk: Desk) -> None:
    answer = desk.client.get("/api/events", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    content=st.fixed_dictionaries({"events": st.lists(JSON_VALUES, max_size=4)}) | JSON_VALUES,
    good=st.integers(0, 2),
)
def test_no_body_breaks_the_server_or_costs_a_good_event(
    desk: Desk, content: Any, good: int
) -> None:
    if isinstance(content, dict) and isinstance(content.get("events"), list):
        content["events"] += [event() for _ in range(good)]
    else:
        good = 0
    before = desk.store.count()

    answer = desk.post(json.dumps(content).encode())

    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert desk.store.count() - before == answer.json()["accepted"] >= good
    else:
        assert desk.store.count() == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_no_bytes_break_the_server(desk: Desk, body: bytes) -> None:
    assert desk.post(body).status_code in {200, 422}


def test_reading_is_a_permission(store: EventStore) -> None:
    stranger = Desk(store, readers=("user:default/owner",), burst=10)

    assert stranger.get().status_code == 403


def test_events_are_read_newest_first_page_by_page(desk: Desk) -> None:
    desk.store.append([recorded(number, subject=str(number)) for number in range(5)])

    first = desk.get("?limit=3")
    second = desk.get(f"?limit=3&cursor={first.json()['nextCursor']}").json()

    assert [item["subject"] for item in first.json()["items"]] == ["4", "3", "2"]
    assert [item["subject"] for item in second["items"]] == ["1", "0"]
    assert second["nextCursor"] is None
    assert first.headers["Cache-Control"] == "no-store"


def test_events_are_filtered(desk: Desk) -> None:
    wanted = recorded(5, action="search", user="user:default/ann", session_id="visit")
    desk.store.append([recorded(), wanted, recorded(10)])

    queries = ("action=search", "user=user:default/ann", "session=visit",
               "plugin=root&action=search",
               "since=2026-11-23T12:01:00Z&until=2026-11-23T12:10:00Z")  # fmt: skip
    for query in queries:
        assert [item["id"] for item in desk.get(f"?{query}").json()["items"]] == [wanted.id]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("since=yesterday", "since"),
        ("until=2026-99-01", "until"),
        ("cursor=x", "cursor"),
        ("action=a%00b", "action"),
        ("plugin=%00", "plugin"),
    ],
)
def test_a_wrong_parameter_is_named(desk: Desk, query: str, field: str) -> None:
    answer = desk.get(f"?{query}")

    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_nothing_of_a_robot_is_taken_and_each_of_its_events_has_the_reason(desk: Desk) -> None:
    event = {"id": new_event_id(), "action": "click", "subject": "Docs"}
    robot = {**JSON, "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}

    answer = desk.post({"events": [event, "junk"]}, robot)

    assert answer.status_code == 200
    reason = "User-Agent: is a robot's. Nothing that robots do is recorded"
    assert answer.json() == {
        "accepted": 0,
        "duplicates": 0,
        "rejected": [
            {"index": 0, "id": event["id"], "reason": reason},
            {"index": 1, "id": None, "reason": reason},
        ],
    }
    assert desk.stored() == []
