"""The way of an event into the record: validate, stamp, identify, deduplicate, store.

A bad event never affects the other events of its batch. Accepted events are committed before the
report is returned; the backends get them afterwards, so that no backend delays it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy.exc import DataError as RefusedDataError
from sqlalchemy.exc import DBAPIError, IntegrityError

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import (
    Origin,
    RecordedEvent,
    parse_event_id,
    parse_time,
    storable_fields,
    storable_version,
)
from backstage_py.analytics.ingest.addresses import DEFAULT_ADDRESSES, Addresses
from backstage_py.analytics.ingest.batch import Batch, BrokenItem, parse_item
from backstage_py.analytics.ingest.plain_event import read_id, read_plain
from backstage_py.analytics.store import Stored

CLOCK_TOLERANCE = timedelta(seconds=5)
"""The clock difference, including transfer time, above which times are corrected."""

_LIMIT_EXCEEDED = "54"
"""Class of PostgreSQL's errors: a text is too long for an index (its appendix A)."""


class EventAppender(Protocol):
    """The part of the store that ingest writes to."""

    def append(self, events: Sequence[RecordedEvent]) -> list[Stored]:
        """Store the events in one transaction, each id once."""
        ...


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of a batch: decided by the server, never by the events.

    Nothing is accepted from a sender who `has_declined` to be recorded.
    """

    user: str | None
    origin: Origin
    has_declined: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an event was not accepted; `index` is its place in the batch."""

    index: int
    id: str | None
    reason: str

    def to_wire(self) -> dict[str, Any]:
        """The verdict as a JSON object."""
        return {"index": self.index, "id": self.id, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of a batch: `rejected` is final, `retry` may be sent again later.

    With `declined` the sender does not want to be recorded, and should stop sending.
    """

    accepted: int
    duplicates: int
    rejected: tuple[Verdict, ...] = ()
    retry: tuple[Verdict, ...] = ()
    declined: bool = False

    def to_wire(self) -> dict[str, Any]:
        """The report as a JSON object."""
        again = {"retry": [one.to_wire() for one in self.retry]} if self.retry else {}
        declined = {"declined": True} if self.declined else {}
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [one.to_wire() for one in self.rejected],
            **again,
            **declined,
        }


class Intake:
    """A batch in progress: its valid events, and those already refused."""

    def __init__(
        self,
        batch: Batch,
        sender: Sender,
        received_at: datetime,
        addresses: Addresses = DEFAULT_ADDRESSES,
    ) -> None:
        self.events: list[RecordedEvent] = []
        self._places: list[int] = []
        self._rejected: list[Verdict] = []
        self._is_declined = sender.has_declined
        if self._is_declined:
            items = enumerate(batch.items)
            self._rejected = [Verdict(index, _given_id(item), _DECLINED) for index, item in items]
            return
        shared = _BatchFacts(
            batch.session_id, sender, received_at, _skew(batch, received_at), addresses
        )
        for index, item in enumerate(batch.items):
            try:
                event = _record(item, shared)
            except InvalidEventError as error:
                self._rejected.append(Verdict(index, _given_id(item), str(error)))
            else:
                self.events.append(event)
                self._places.append(index)

    def report(self, outcomes: Sequence[Stored | Exception]) -> IngestReport:
        """The report, given the outcome of each of `events`."""
        accepted = duplicates = 0
        rejected = list(self._rejected)
        retry: list[Verdict] = []
        for event, index, outcome in zip(self.events, self._places, outcomes, strict=True):
            if outcome is Stored.NEW:
                accepted += 1
            elif outcome is Stored.DUPLICATE:
                duplicates += 1
            elif outcome is Stored.ID_TAKEN:
                rejected.append(Verdict(index, event.id, _ID_TAKEN))
            elif _is_refusal(outcome):
                rejected.append(Verdict(index, event.id, _NOT_STORABLE))
            else:
                retry.append(Verdict(index, event.id, _NOT_NOW))
        rejected.sort(key=lambda verdict: verdict.index)
        return IngestReport(
            accepted, duplicates, tuple(rejected), tuple(retry), declined=self._is_declined
        )


def refuse_all(batch: Batch, reason: str) -> IngestReport:
    """The report of a batch without accepted events."""
    verdicts = (Verdict(index, _given_id(item), reason) for index, item in enumerate(batch.items))
    return IngestReport(0, 0, tuple(verdicts))


_DECLINED = "user: does not want to be recorded. Send nothing"
_ID_TAKEN = "id: belongs to another event. Make one id for each event"
_NOT_STORABLE = "event: is refused by the database. Send plain text and numbers"
_NOT_NOW = "event: cannot be stored now. Send it again later"


def append_each(
    store: EventAppender, events: Sequence[RecordedEvent]
) -> Sequence[Stored | Exception]:
    """Store events in one transaction, or in halves where the database refuses one of them.

    Raises:
        sqlalchemy.exc.DBAPIError: If the database accepts nothing now.
    """
    try:
        return store.append(events)
    except (DBAPIError, OverflowError) as error:
        if not _is_refusal(error):
            raise
        return _append_apart(store, events, error)


def _append_apart(
    store: EventAppender, events: Sequence[RecordedEvent], refusal: Exception
) -> Sequence[Stored | Exception]:
    """Store as many as possible of events that were refused together."""
    if len(events) == 1:
        return [refusal]
    half = len(events) // 2
    return [*_append_half(store, events[:half]), *_append_half(store, events[half:])]


def _append_half(
    store: EventAppender, events: Sequence[RecordedEvent]
) -> Sequence[Stored | Exception]:
    try:
        return store.append(events)
    except (DBAPIError, OverflowError) as error:
        if _is_refusal(error):
            return _append_apart(store, events, error)
        return [error] * len(events)


def _is_refusal(error: Exception) -> bool:
    """Whether the database will never accept that event; else it is unavailable for now."""
    if isinstance(error, RefusedDataError | IntegrityError | OverflowError):
        return True
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return state.startswith(_LIMIT_EXCEEDED)


def _skew(batch: Batch, received_at: datetime) -> timedelta | None:
    """How far the sender's clock is behind ours, if the sender gives its time."""
    if batch.sent_at is None:
        return None
    skew = received_at - batch.sent_at
    return skew if abs(skew) > CLOCK_TOLERANCE else timedelta(0)


def _captured_at(given: object, received_at: datetime, skew: timedelta | None) -> datetime:
    """When an event was captured, by our clock; no capture is later than its reception."""
    if given is None:
        return received_at
    captured_at = parse_time("timestamp", given)
    if skew is None:
        return captured_at
    try:
        corrected = captured_at + skew
    except OverflowError:
        return received_at
    return corrected if corrected <= received_at + CLOCK_TOLERANCE else received_at


@dataclass(frozen=True, slots=True)
class _BatchFacts:
    """The values that all events of a batch share."""

    session_id: str | None
    sender: Sender
    received_at: datetime
    skew: timedelta | None
    addresses: Addresses


def _record(item: bytes | BrokenItem, shared: _BatchFacts) -> RecordedEvent:
    if isinstance(item, BrokenItem):
        raise InvalidEventError("event", item.problem, "Send well-formed JSON")
    plain = read_plain(item)
    if plain is None:
        return _record_closely(item, shared)
    plain.subject = shared.addresses.cleaned(plain.subject)
    shared.addresses.clean(plain.attributes)
    return RecordedEvent.from_validated(
        plain,
        id_=parse_event_id(plain.id),
        timestamp=_captured_at(plain.timestamp, shared.received_at, shared.skew),
        received_at=shared.received_at,
        session_id=shared.session_id,
        user=shared.sender.user,
        origin=shared.sender.origin,
    )


def _record_closely(text: bytes, shared: _BatchFacts) -> RecordedEvent:
    try:
        item = parse_item(text)
    except ValueError as error:
        raise InvalidEventError("event", str(error)[:200], "Send well-formed JSON") from None
    if not isinstance(item, dict):
        raise InvalidEventError("event", f"is a {type(item).__name__}", "Send a JSON object")
    wire = cast("dict[str, Any]", item)
    fields = storable_fields(wire)
    if isinstance(fields["subject"], str):
        fields["subject"] = shared.addresses.cleaned(fields["subject"])
    shared.addresses.clean(fields["attributes"])
    return RecordedEvent(
        **fields,
        id=parse_event_id(wire.get("id")),
        timestamp=_captured_at(wire.get("timestamp"), shared.received_at, shared.skew),
        received_at=shared.received_at,
        session_id=shared.session_id,
        user=shared.sender.user,
        origin=shared.sender.origin,
        app_version=storable_version(wire.get("appVersion")),
    )


def _given_id(item: bytes | BrokenItem) -> str | None:
    """The id that a refused event came with, for the answer to name it."""
    given = item.id if isinstance(item, BrokenItem) else read_id(item)
    return None if given is None else given[:64]
