"""Loads exported events back into the store, each id once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, cast

import orjson

from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import RecordedEvent, format_time
from backstage_py.analytics.retention.people_records import PeopleRecords
from backstage_py.analytics.store import EventStore, Stored
from backstage_py.analytics.store.deletions import find_erased

BLOCK_LINES = 500
LINE_BYTES = 1_048_576
_ERASED = "event: was erased with its user. Leave it out"


@dataclass(slots=True)
class LoadReport:
    """The result of loading a file; a rejected line is a dict of `line`, `id` and `reason`."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def count(self, line: int, event: RecordedEvent, outcome: Stored) -> None:
        """Count the outcome of a line's event."""
        if outcome is Stored.NEW:
            self.accepted += 1
        elif outcome is Stored.DUPLICATE:
            self.duplicates += 1
        else:
            reason = "id: belongs to another event. Make one id for each event"
            self.rejected.append({"line": line, "id": event.id, "reason": reason})

    def to_wire(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": sorted(self.rejected, key=itemgetter("line")),
        }


def load_lines(
    lines: Iterable[bytes], store: EventStore, records: PeopleRecords | None = None
) -> LoadReport:
    """Store the events of a JSON-lines file; a broken line never costs its neighbours.

    With `records`, erased events are refused: those with the id of an erased one, and those
    captured before their user was erased.
    """
    report = LoadReport()
    for block in _blocks(enumerate(lines, start=1)):
        events = [
            (number, event) for number, line in block if (event := _parse(number, line, report))
        ]
        if records is not None:
            events = _without_erased(events, store, records, report)
        outcomes = store.append([event for _, event in events])
        for (line, event), outcome in zip(events, outcomes, strict=True):
            report.count(line, event, outcome)
    return report


def _without_erased(
    events: list[tuple[int, RecordedEvent]],
    store: EventStore,
    records: PeopleRecords,
    report: LoadReport,
) -> list[tuple[int, RecordedEvent]]:
    erased = find_erased(store.engine, {event.id for _, event in events})
    erased |= records.were_erased([event for _, event in events])
    for line, event in events:
        if event.id in erased:
            report.rejected.append({"line": line, "id": event.id, "reason": _ERASED})
    return [(line, event) for line, event in events if event.id not in erased]


def _parse(number: int, line: bytes, report: LoadReport) -> RecordedEvent | None:
    if not line.strip():
        return None
    wire: Any = None
    try:
        wire = orjson.loads(line) if len(line) <= LINE_BYTES else None
        return RecordedEvent.from_wire(_dated(_require_object(wire)))
    except (orjson.JSONDecodeError, InvalidEventError) as error:
        id_ = cast("dict[str, Any]", wire).get("id") if isinstance(wire, dict) else None
        report.rejected.append({"line": number, "id": id_, "reason": str(error)[:300]})
        return None


def _require_object(wire: Any) -> dict[str, Any]:
    if not isinstance(wire, dict):
        raise InvalidEventError("line", "is not a JSON object", "Write one event on each line")
    return cast("dict[str, Any]", wire)


def _dated(wire: dict[str, Any]) -> dict[str, Any]:
    """Set the capture time to now if it is missing, as for posted batches."""
    if wire.get("timestamp") is not None:
        return wire
    return {**wire, "timestamp": format_time(utc_now())}


def _blocks(lines: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while block := list(islice(lines, BLOCK_LINES)):
        yield block
