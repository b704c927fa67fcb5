"""The way of an event into the record: validate, stamp, identify, deduplicate, store.

A bad event never costs its neighbours. What is accepted has been committed when the
report is there; the backends get it afterwards, so that none of them delays it.
"""

import contextlib
import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from backstage_py.analytics.api import AnalyticsApi
from backstage_py.analytics.delivery.dispatcher import Dispatcher
from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import (
    AnalyticsEvent,
    Origin,
    RecordedEvent,
    new_event_id,
    parse_event_id,
    parse_time,
)

_logger = logging.getLogger(__name__)


class EventAppender(Protocol):
    """The part of the store that ingest writes to."""

    def append(self, events: Sequence[RecordedEvent]) -> list[bool]:
        """Store the events in one transaction; False for each that was there already."""
        ...


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event that was refused for good; `index` is its place in the batch."""

    index: int
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a batch."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejection, ...]

    def to_wire(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [
                {"index": one.index, "id": one.id, "reason": one.reason} for one in self.rejected
            ],
        }


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose events a batch holds: the server's word, never that of the events."""

    session_id: str | None
    user: str | None
    origin: Origin


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ingest:
    """Takes batches in from any thread."""

    def __init__(
        self,
        store: EventAppender,
        backends: Sequence[AnalyticsApi] = (),
        *,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._store = store
        self._clock = clock
        self._dispatcher = Dispatcher(backends)

    def ingest(self, batch: Sequence[object], sender: Sender) -> IngestReport:
        """Take a batch in.

        Args:
            batch: Parsed JSON, whatever it is.
            sender: Whose it is.

        Raises:
            sqlalchemy.exc.OperationalError: If the store takes nothing now; nothing
                of the batch was stored then.
        """
        received_at = self._clock()
        events: list[RecordedEvent] = []
        rejected: list[Rejection] = []
        for index, item in enumerate(batch):
            try:
                events.append(_record(item, sender, received_at))
            except InvalidEventError as error:
                rejected.append(Rejection(index, _given_id(item), str(error)))
        stored = self._append(events)
        return IngestReport(stored, len(events) - stored, tuple(rejected))

    def record(self, event: AnalyticsEvent, sender: Sender) -> None:
        """Record an event of the server itself, as `ingest` does."""
        now = self._clock()
        wire = {"id": new_event_id(), "timestamp": now.isoformat(), **event.to_wire()}
        self._append([_record(wire, sender, now)])

    @contextlib.contextmanager
    def using(self, *backends: AnalyticsApi) -> Generator[None]:
        """Exchange the backends for the time of a test."""
        with self._dispatcher.using(backends):
            yield

    def close(self) -> None:
        """Hand on what waits, and close the backends."""
        self._dispatcher.close()

    def _append(self, events: Sequence[RecordedEvent]) -> int:
        if not events:
            return 0
        is_new = self._store.append(events)
        accepted = [event for event, new in zip(events, is_new, strict=True) if new]
        self._dispatcher.dispatch(accepted)
        return len(accepted)


def _record(item: object, sender: Sender, received_at: datetime) -> RecordedEvent:
    wire = _require_object(item)
    event = AnalyticsEvent.from_wire(wire)
    timestamp = wire.get("timestamp")
    return RecordedEvent(
        action=event.action,
        subject=event.subject,
        value=event.value,
        attributes=event.attributes,
        context=event.context,
        id=parse_event_id(wire.get("id")),
        timestamp=received_at if timestamp is None else parse_time("timestamp", timestamp),
        received_at=received_at,
        session_id=sender.session_id,
        user=sender.user,
        origin=sender.origin,
    )


def _require_object(item: object) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        raise InvalidEventError("event", f"is a {type(item).__name__}", "Send a JSON object")
    return cast("dict[str, Any]", item)


def _given_id(item: object) -> str | None:
    """The id that a refused event came with, for the answer to name it."""
    if not isinstance(item, dict):
        return None
    given = cast("dict[str, object]", item).get("id")
    return given[:64] if isinstance(given, str) else None
