from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, ProgrammingError

from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.ingest import Sender
from backstage_py.analytics.ingest.batch import parse_well_formed
from backstage_py.analytics.ingest.pipeline import CLOCK_TOLERANCE, Intake, append_each, refuse_all
from backstage_py.analytics.store import Stored
from tests.unit.analytics.ingest.wire import batch_of, wire
from tests.unit.analytics.recorded import recorded

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
GUEST = Sender("user:default/guest", "browser")
YEARS = timedelta(days=5 * 365)


def taken_in(*items: Any, sent_at: datetime | None = None) -> list[RecordedEvent]:
    return Intake(batch_of(*items, session_id="visit", sent_at=sent_at), GUEST, NOW).events


def captured_at(moment: datetime, sent_at: datetime | None) -> datetime:
    [event] = taken_in(wire(timestamp=moment.isoformat()), sent_at=sent_at)
    return event.timestamp


def test_whose_an_event_is_says_the_server() -> None:
    claim = {"user": "user:default/admin", "sessionId": "other", "origin": "server"}

    [event] = taken_in(wire(**claim))

    assert (event.user, event.session_id, event.origin) == (GUEST.user, "visit", "browser")
    assert event.received_at == event.timestamp == NOW


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2.4.0", "2.4.0"),
        ("é" * 70, "é" * 64),
        ("a\0", "a\ufffd"),
        ("", None),
        (7, None),
        ({}, None),
    ],
)
def test_the_version_of_the_app_is_that_of_the_page_that_captured(
    given: object, kept: str | None
) -> None:
    [event] = taken_in(wire(appVersion=given))

    assert event.app_version == kept
    assert RecordedEvent.from_wire(event.to_wire()) == event


@pytest.mark.parametrize("year", [1970, 2031])
def test_without_the_senders_clock_the_time_of_capture_is_kept(year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)

    assert captured_at(moment, None) == moment


@given(
    off=st.sampled_from([-YEARS, -timedelta(minutes=3), timedelta(minutes=3), YEARS]),
    age=st.integers(0, 10**6),
)
def test_a_clock_that_is_off_is_corrected(off: timedelta, age: int) -> None:
    sent_at = NOW + off
    ago = timedelta(seconds=age)

    assert captured_at(sent_at - ago, sent_at) == NOW - ago


def test_a_clock_that_may_be_right_is_believed() -> None:
    late = NOW - timedelta(seconds=4)

    assert captured_at(late - timedelta(hours=1), late) == late - timedelta(hours=1)


def test_no_capture_is_later_than_its_reception() -> None:
    assert captured_at(NOW + YEARS, NOW) == NOW
    assert captured_at(NOW + CLOCK_TOLERANCE, NOW) == NOW + CLOCK_TOLERANCE


@pytest.mark.parametrize("sent_at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
@pytest.mark.parametrize("timestamp", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_clock_beyond_all_times_costs_no_event(sent_at: str, timestamp: str) -> None:
    assert len(taken_in(wire(timestamp=timestamp), sent_at=datetime.fromisoformat(sent_at))) == 1


BAD = st.sampled_from([
    None, 7, "text", [], {}, {"id": "x"}, {"action": "a", "subject": "s"},
    {"id": "00000000-0000-7000-8000-000000000000", "action": "", "subject": "s"},
    {"id": "00000000-0000-7000-8000-000000000000", "action": 7, "subject": "s"},
])  # fmt: skip


@given(st.lists(st.booleans() | BAD, max_size=20))
def test_a_bad_event_never_costs_its_neighbours(pattern: list[Any]) -> None:
    batch = [wire() if isinstance(item, bool) else item for item in pattern]

    intake = Intake(batch_of(*batch), GUEST, NOW)
    report = intake.report([Stored.NEW] * len(intake.events))

    good = [item["id"] for item, made in zip(batch, pattern, strict=True) if isinstance(made, bool)]
    assert [event.id for event in intake.events] == good
    assert report.accepted == len(good)
    assert [one.index for one in report.rejected] == [
        index for index, made in enumerate(pattern) if not isinstance(made, bool)
    ]


@pytest.mark.parametrize(
    ("event", "id_"),
    [
        (b'{"subject": "\xff", "attributes": {"id": "b"}, "id": "a-1"}', "a-1"),
        (b'{"value": 1e999, "id": "a-1"}', "a-1"),
        (b'{"id": 1}', None),
        (b'["id", "a-1"]', None),
    ],
)
def test_a_refused_event_is_named_by_its_id_without_a_look_at_each_mark(
    event: bytes, id_: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("backstage_py.analytics.ingest.batch._TOKEN")
    batch = parse_well_formed(b'{"events": [' + event + b"]}")
    assert batch is not None

    [refused] = Intake(batch, GUEST, NOW).report([]).rejected

    assert refused.id == id_
    assert refuse_all(batch, "robot").rejected[0].id == id_


def test_each_event_has_one_verdict() -> None:
    batch = [wire(), 7, wire(), wire(), wire(), wire()]
    refused, later = DataError("", None, Exception()), OperationalError("", None, Exception())

    intake = Intake(batch_of(*batch), GUEST, NOW)
    report = intake.report(
        [Stored.NEW, Stored.DUPLICATE, Stored.ID_TAKEN, refused, later]
    ).to_wire()

    assert (report["accepted"], report["duplicates"]) == (1, 1)
    assert [one["index"] for one in report["rejected"]] == [1, 3, 4]
    assert [one["id"] for one in report["retry"]] == [batch[5]["id"]]


class Picky:
    """A store that refuses one event."""

    def __init__(self, error: Exception) -> None:
        self.stored: list[str] = []
        self.transactions = 0
        self._error = error

    def append(self, events: Sequence[RecordedEvent]) -> list[Stored]:
        self.transactions += 1
        if any(event.subject == "bad" for event in events):
            raise self._error
        self.stored += [event.subject for event in events]
        return [Stored.NEW] * len(events)


def test_an_event_that_the_database_refuses_does_not_cost_its_neighbours() -> None:
    store = Picky(DataError("", None, Exception()))

    outcomes = append_each(store, [recorded(subject=subject) for subject in ("a", "bad", "b")])

    assert store.stored == ["a", "b"]
    assert [outcome is Stored.NEW for outcome in outcomes] == [True, False, True]


def test_the_one_that_is_refused_among_many_is_found_in_few_transactions() -> None:
    store = Picky(DataError("", None, Exception()))
    subjects = [*"x" * 700, "bad", *"x" * 299]

    outcomes = append_each(store, [recorded(subject=subject) for subject in subjects])

    assert [index for index, one in enumerate(outcomes) if one is not Stored.NEW] == [700]
    assert store.transactions <= 2 * 10 + 1


class _PostgresqlError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


def test_a_text_that_is_too_long_for_an_index_is_refused_for_good() -> None:
    store = Picky(OperationalError("", None, _PostgresqlError("54000")))
    intake = Intake(batch_of(wire(), wire(subject="bad")), GUEST, NOW)

    report = intake.report(append_each(store, intake.events))

    assert report.accepted == 1
    assert [one.index for one in report.rejected] == [1]


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("", None, Exception()),
        ProgrammingError("", None, _PostgresqlError("42P01")),  # there is no table yet
        ProgrammingError("", None, _PostgresqlError("42501")),  # no privilege to write
    ],
)
def test_a_database_that_is_away_takes_nothing(error: DBAPIError) -> None:
    store = Picky(error)

    with pytest.raises(type(error)):
        append_each(store, [recorded(subject=subject) for subject in ("a", "bad")])

    assert store.stored == []
