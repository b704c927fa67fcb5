"""An event as the live view shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backstage_py.analytics import RecordedEvent


@dataclass(frozen=True)
class Entry:
    """A key of the attributes or the context, with its value as JSON."""

    key: str
    value: str


@dataclass(frozen=True)
class EventRow:
    """A captured event; `value` is its number as JSON, or empty."""

    id: str
    time: str
    moment: str
    action: str
    subject: str
    value: str
    place: str
    user: str
    origin: str
    attributes: list[Entry] = field(default_factory=list)
    context: list[Entry] = field(default_factory=list)


def build_row(event: RecordedEvent) -> EventRow:
    """The row of an event."""
    wire = event.to_wire()
    return EventRow(
        id=event.id,
        time=f"{event.timestamp:%H:%M:%S}",
        moment=wire["timestamp"],
        action=event.action,
        subject=event.subject,
        value="" if event.value is None else json.dumps(event.value),
        place=f"{event.context.get('pluginId', '')} / {event.context.get('extension', '')}",
        user=event.user or "anonymous",
        origin=event.origin,
        attributes=_entries(event.attributes or {}),
        context=_entries(event.context),
    )


def _entries(values: Mapping[str, Any]) -> list[Entry]:
    return [Entry(key, json.dumps(value, ensure_ascii=False)) for key, value in values.items()]
