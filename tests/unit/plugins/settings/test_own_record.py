from pathlib import Path
from typing import Any

import orjson
import pytest

from backstage_py.analytics import open_engine
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.migrate import migrate
from backstage_py.plugins.settings.api import OwnRecord
from tests.unit.analytics.recorded import recorded

ANN, GUEST = "user:default/ann", "user:default/guest"


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    return EventStore(engine)


@pytest.fixture
def record(store: EventStore) -> OwnRecord:
    return OwnRecord(lambda: store, lambda user: user == GUEST)


def fill(store: EventStore, *events: tuple[str, str | None, str]) -> None:
    rows: list[Any] = [
        recorded(subject=subject, user=user, session_id=session)
        for subject, user, session in events
    ]
    store.append(rows)


def subjects(record: OwnRecord, user: str | None, session: str | None) -> list[str]:
    page = record.read(record.person(user, session))
    return [event.subject for event in page.events]


def test_an_account_sees_all_of_its_events_and_none_of_others(
    store: EventStore, record: OwnRecord
) -> None:
    fill(store, ("one", ANN, "v1"), ("two", ANN, "v2"), ("other", "user:default/ben", "v1"))

    assert subjects(record, ANN, None) == ["two", "one"]
    assert subjects(record, ANN, "v1") == ["two", "one"]


@pytest.mark.parametrize("user", [GUEST, None])
def test_people_without_an_account_see_only_their_visit(
    store: EventStore, record: OwnRecord, user: str | None
) -> None:
    fill(store, ("mine", user, "v1"), ("another's", user, "v2"), ("before signing out", ANN, "v1"))

    assert subjects(record, user, "v1") == ["mine"]
    assert subjects(record, user, None) == []
    assert subjects(record, user, "") == []


def test_an_export_has_all_of_a_persons_events_and_no_others(
    store: EventStore, record: OwnRecord
) -> None:
    fill(store, *((f"{number}", ANN, "v") for number in range(1_100)))
    fill(store, ("other", "user:default/ben", "v"))

    lines = b"".join(record.export(record.person(ANN, None))).splitlines()

    exported = [orjson.loads(line) for line in lines]
    assert [one["subject"] for one in exported] == [str(n) for n in reversed(range(1_100))]
    assert set(exported[0]) >= {"id", "action", "context", "timestamp", "user", "sessionId"}
