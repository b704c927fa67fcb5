from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.inventory.capture import Capture
from backstage_py.analytics.inventory.review import (
    Finding,
    FindingKind,
    Review,
    review_instrumentation,
)
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.inventory.captures import a_capture
from tests.unit.analytics.recorded import NOON, recorded

SHOP = {"pluginId": "shop", "extension": "ShopPage", "routeRef": "shop"}
NOW = NOON + timedelta(hours=1)


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def store(request: pytest.FixtureRequest) -> EventStore:
    return EventStore(request.getfixturevalue(request.param))


def review(store: EventStore, captures: list[Capture], *events: RecordedEvent) -> Review:
    store.append(list(events))
    return review_instrumentation(captures, store.engine, now=NOW, window=timedelta(days=30))


def found(review: Review, kind: FindingKind) -> list[Finding]:
    return [finding for finding in review.findings if finding.kind is kind]


def test_each_declaration_says_how_often_and_when_it_was_received(store: EventStore) -> None:
    captures = [a_capture(subject="Save"), a_capture(), a_capture("deploy", "x")]

    done = review(
        store,
        captures,
        recorded(1, subject="Save", context=SHOP),
        recorded(2, subject="Save", context=SHOP),
        recorded(3, subject="else", context=SHOP),
        recorded(-60 * 24 * 31, subject="Save", context=SHOP),
    )

    told = [
        (one.declaration.address.action, one.declaration.address.subject, one.count, one.last_seen)
        for one in done.statuses
    ]
    assert told == [
        ("click", None, 1, NOON + timedelta(minutes=3)),
        ("click", "Save", 2, NOON + timedelta(minutes=2)),
        ("deploy", "x", 0, None),
    ]
    assert done.received == 3


def test_what_was_never_received_is_a_finding_with_its_place(store: EventStore) -> None:
    (finding,) = found(review(store, [a_capture("deploy", "x")]), FindingKind.NEVER_FIRED)

    assert finding.about == "deploy “x” in shop / ShopPage"
    assert finding.problem == "was never received from Button.on_click"


def test_what_nothing_declares_is_a_finding(store: EventStore) -> None:
    captures = [a_capture(subject="Save")]
    done = review(
        store,
        captures,
        recorded(subject="Save", context=SHOP),
        recorded(subject="Other", context=SHOP),
        recorded(action="vote", context=SHOP),
    )

    undeclared = {
        (one.about, one.problem.partition(",")[0]) for one in found(done, FindingKind.UNDECLARED)
    }
    assert undeclared == {
        ("click in shop / ShopPage", "was received once"),
        ("vote in shop / ShopPage", "was received once"),
    }


def test_events_without_a_plugin_are_a_finding_unless_that_is_their_place(
    store: EventStore,
) -> None:
    frame = a_capture(
        "click", "Home", plugin_id="root", extension="App", route_ref="unknown", path=None
    )
    lost = {"pluginId": "root", "extension": "App", "routeRef": "unknown"}

    done = review(
        store,
        [frame, a_capture("vote", plugin_id="root", extension="App", route_ref="unknown")],
        recorded(subject="Home", context=lost),
        recorded(action="deploy", context=lost),
    )

    about = [one.about for one in found(done, FindingKind.MISSING_CONTEXT)]
    assert about == ["deploy in root / App", "vote in root / App"]


def test_names_of_the_app_and_of_the_record_are_looked_at_but_for_navigates(
    store: EventStore,
) -> None:
    done = review(
        store,
        [a_capture("filterTable"), a_capture("navigate", attributes={"entity_name": "string"})],
        recorded(action="clicked", attributes={"href": "/"}),
    )

    assert {(one.about, one.problem) for one in found(done, FindingKind.NAMING)} == {
        ("action filterTable", "is not in kebab-case"),
        ("action filterTable", "is over-specific"),
        ("action clicked", "is in the past tense"),
        ("key href", "says what others say otherwise"),
    }


def test_a_day_without_what_is_usual_is_a_finding(store: EventStore) -> None:
    start = datetime(2026, 11, 22, 23, 30, tzinfo=UTC) - timedelta(weeks=8)
    days = (start + timedelta(days=day) for day in range(56))
    events = [recorded(timestamp=day, context=SHOP) for day in days for _ in range(6)]

    (finding,) = [
        one
        for one in found(review(store, [a_capture()], *events), FindingKind.VOLUME)
        if "2026-11-22" in one.problem
    ]
    assert finding.problem == (
        "was not captured at all on Sun 2026-11-22; 6 is usual for that weekday"
    )


def test_a_place_that_is_only_known_at_run_time_fits_any(store: EventStore) -> None:
    open_ = a_capture("navigate", plugin_id=None, route_ref=None, extension="App")
    context = {"pluginId": "api", "extension": "App", "routeRef": "api"}

    done = review(store, [open_], recorded(action="navigate", context=context))

    assert [one.count for one in done.statuses] == [1]
    assert found(done, FindingKind.UNDECLARED) == []


def test_an_empty_portal_has_findings_of_its_captures_only(tmp_path: Path) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)

    done = review_instrumentation([], engine, now=NOW, window=timedelta(days=1))

    assert (done.statuses, done.findings, done.received) == ((), (), 0)
