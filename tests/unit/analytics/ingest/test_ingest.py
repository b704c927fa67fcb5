import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from backstage_py.analytics.errors import StoreUnavailableError
from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent
from backstage_py.analytics.ingest import Ingest, IngestReport, Sender
from backstage_py.analytics.ingest.queue_figures import QueueFigures
from backstage_py.analytics.ingest.spool import Spool
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import Stored
from tests.unit.analytics.ingest.wire import batch_of, wire
from tests.unit.analytics.recorded import NOON

GUEST = Sender("user:default/guest", "browser")
DEPLOY = AnalyticsEvent(action="deploy", subject="ledger", value=3, context={"pluginId": "ci"})


class Shelf:
    """A store in memory, which can be held shut or broken."""

    def __init__(self) -> None:
        self.events: dict[str, RecordedEvent] = {}
        self.commits: list[int] = []
        self.is_broken = False
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()
        self.open.set()

    def append(self, events: Sequence[RecordedEvent]) -> list[Stored]:
        self.entered.release()
        self.open.wait(timeout=10)
        if self.is_broken:
            raise OperationalError("INSERT", None, Exception("database or disk is full"))
        self.commits.append(len(events))
        return [
            Stored.NEW if self.events.setdefault(event.id, event) is event else Stored.DUPLICATE
            for event in events
        ]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


Start = Callable[..., Ingest]


@pytest.fixture
def start(shelf: Shelf) -> Iterator[Start]:
    started: list[Ingest] = []

    def start_ingest(**options: object) -> Ingest:
        started.append(Ingest(shelf, **options))  # type: ignore[arg-type]
        return started[-1]

    yield start_ingest
    shelf.open.set()
    for ingest in started:
        ingest.close(5)


def test_an_event_that_is_there_already_is_a_duplicate(start: Start) -> None:
    ingest, event = start(), wire()

    reports = [ingest.ingest(batch_of(event), GUEST), ingest.ingest(batch_of(event, wire()), GUEST)]

    assert [(one.accepted, one.duplicates) for one in reports] == [(1, 0), (1, 1)]


def test_what_comes_during_a_commit_shares_the_next_one(start: Start, shelf: Shelf) -> None:
    ingest = start()
    shelf.open.clear()

    first = ingest.submit(batch_of(wire()), GUEST)
    assert shelf.entered.acquire(timeout=5)
    others = [ingest.submit(batch_of(wire(), 7, wire()), GUEST) for _ in range(5)]
    assert not first.done()
    shelf.open.set()

    assert first.result(5).accepted == 1
    assert [(one.accepted, len(one.rejected)) for one in results(others)] == [(2, 1)] * 5
    assert shelf.commits == [1, 10]


def test_a_commit_waits_for_as_many_as_shared_the_last_one(
    start: Start, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backstage_py.analytics.ingest.ingest.SIBLINGS_SECONDS", 60)
    ingest = start()
    shelf.open.clear()
    waiting = [ingest.submit(batch_of(wire()), GUEST)]
    assert shelf.entered.acquire(timeout=5)
    waiting += [ingest.submit(batch_of(wire()), GUEST) for _ in range(3)]
    shelf.open.set()
    results(waiting)
    assert shelf.entered.acquire(timeout=5)

    again = [ingest.submit(batch_of(wire()), GUEST) for _ in range(2)]
    assert not shelf.entered.acquire(timeout=0.2)
    again.append(ingest.submit(batch_of(wire()), GUEST))

    assert [report.accepted for report in results(again)] == [1, 1, 1]
    assert shelf.commits == [1, 3, 3]


def test_a_commit_waits_no_longer_than_a_moment_for_its_siblings(
    start: Start, shelf: Shelf
) -> None:
    ingest = start()
    shelf.open.clear()
    first = ingest.submit(batch_of(wire()), GUEST)
    others = [ingest.submit(batch_of(wire()), GUEST) for _ in range(3)]
    shelf.open.set()
    results([first, *others])

    assert ingest.ingest(batch_of(wire()), GUEST).accepted == 1


def test_the_queue_is_a_gauge(start: Start, shelf: Shelf) -> None:
    ingest = start(clock=lambda: NOON)
    metrics = Metrics()
    QueueFigures(ingest, metrics, lambda: NOON + timedelta(seconds=90))
    shelf.open.clear()
    for _ in range(2):
        ingest.submit(batch_of(wire(), wire()), GUEST)
    assert shelf.entered.acquire(timeout=5)

    assert gauges(metrics) == {"waiting": 4, "age_seconds": 90}
    shelf.open.set()
    ingest.close(5)
    assert gauges(metrics) == {"waiting": 0, "age_seconds": 0}


def gauges(metrics: Metrics) -> dict[str, float]:
    families = text_string_to_metric_families(metrics.to_text().decode())
    samples = [sample for family in families for sample in family.samples]
    prefix = "analytics_ingest_"
    return {
        sample.name.removeprefix(prefix): sample.value
        for sample in samples
        if sample.name.startswith(prefix)
    }


def test_waiting_senders_get_an_error_when_the_store_accepts_nothing(
    start: Start, shelf: Shelf
) -> None:
    ingest = start()
    shelf.is_broken = True

    waiting = ingest.submit(batch_of(wire()), GUEST)

    with pytest.raises(StoreUnavailableError):
        waiting.result(5)
    shelf.is_broken = False
    assert ingest.ingest(batch_of(wire()), GUEST).accepted == 1


def test_a_capture_of_the_server_waits_until_the_store_takes_it(
    start: Start, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backstage_py.analytics.ingest.ingest.RETRY_SECONDS", 0.01)
    ingest = start()
    shelf.is_broken = True
    ingest.record(DEPLOY, session_id="visit", user="user:default/ann")
    for _ in range(3):
        assert shelf.entered.acquire(timeout=5)

    shelf.is_broken = False
    ingest.close(5)

    [stored] = shelf.events.values()
    assert (stored.origin, stored.user, stored.session_id) == (
        "server",
        "user:default/ann",
        "visit",
    )
    assert (stored.action, stored.value, dict(stored.context)) == ("deploy", 3, {"pluginId": "ci"})


def test_captures_of_the_server_are_counted_as_those_of_browsers_are(start: Start) -> None:
    metrics = Metrics()
    ingest = start(metrics=metrics)

    ingest.ingest(batch_of(wire()), GUEST)
    ingest.record(DEPLOY, session_id="visit", user=None)
    ingest.close(5)

    totals = metrics.totals()
    assert (totals["captured"], totals["accepted"]) == (2, 2)


def test_a_capture_that_was_not_stored_is_there_at_the_next_start(
    start: Start, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.is_broken = True
    died = start(spool=Spool(tmp_path))
    died.record(DEPLOY, session_id=None, user=None)
    died.close(5)

    shelf.is_broken = False
    next_ = start(spool=Spool(tmp_path))
    next_.start()
    next_.close(5)

    assert [event.subject for event in shelf.events.values()] == ["ledger"]
    assert list(tmp_path.iterdir()) == []


def test_too_many_captures_are_refused_and_counted(
    start: Start, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backstage_py.analytics.ingest.ingest.WAITING_CAPTURES", 2)
    ingest = start()
    shelf.open.clear()
    for _ in range(2):
        ingest.record(DEPLOY, session_id=None, user=None)

    with pytest.raises(StoreUnavailableError):
        ingest.record(DEPLOY, session_id=None, user=None)

    shelf.open.set()
    ingest.close(5)
    assert len(shelf.events) == 2


def test_the_new_events_of_a_commit_are_announced(start: Start) -> None:
    announced: list[list[str]] = []
    ingest = start(on_stored=lambda events: announced.append([event.id for event in events]))
    one, other = wire(), wire()

    for batch in ([one, one], [one, other], [one]):
        ingest.ingest(batch_of(*batch), GUEST)

    assert announced == [[one["id"]], [other["id"]]]


def test_closing_stores_what_waits_and_takes_no_more(start: Start, shelf: Shelf) -> None:
    ingest = start()
    shelf.open.clear()
    waiting = [ingest.submit(batch_of(wire()), GUEST) for _ in range(3)]
    closing = threading.Thread(target=ingest.close)
    closing.start()
    shelf.open.set()
    closing.join(5)

    assert sum(one.accepted for one in results(waiting)) == 3
    with pytest.raises(StoreUnavailableError):
        ingest.submit(batch_of(wire()), GUEST)


def results(futures: Sequence["Future[IngestReport]"]) -> list[IngestReport]:
    return [future.result(5) for future in futures]
