"""An event as the live view shows it."""

import json
from dataclasses import dataclass, field

from backstage_py.analytics import RecordedEvent
from backstage_py.ui.entries import Entry, build_entries


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


def build_row(event: RecordedEvent, *, has_names: bool = True) -> EventRow:
    """The row of an event; without `has_names` its user is not named."""
    wire = event.to_wire()
    return EventRow(
        id=event.id,
        time=f"{event.timestamp:%H:%M:%S}",
        moment=wire["timestamp"],
        action=event.action,
        subject=event.subject,
        value="" if event.value is None else json.dumps(event.value),
        place=f"{event.context.get('pluginId', '')} / {event.context.get('extension', '')}",
        user=_user(event.user, has_names=has_names),
        origin=event.origin,
        attributes=build_entries(event.attributes or {}),
        context=build_entries(event.context),
    )


def _user(user: str | None, *, has_names: bool) -> str:
    if user is None:
        return "anonymous"
    return user if has_names else "signed in"
