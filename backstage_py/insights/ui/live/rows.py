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
    received: str
    action: str
    subject: str
    value: str
    place: str
    user: str
    session: str
    origin: str
    attributes: list[Entry] = field(default_factory=list)
    context: list[Entry] = field(default_factory=list)


def build_row(event: RecordedEvent, *, has_names: bool = True) -> EventRow:
    """The row of an event; without `has_names` its user and visit are not named."""
    wire = event.to_wire()
    return EventRow(
        id=event.id,
        time=f"{event.timestamp:%H:%M:%S}",
        moment=wire["timestamp"],
        received=wire["receivedAt"],
        action=event.action,
        subject=event.subject,
        value="" if event.value is None else json.dumps(event.value),
        place=f"{event.context.get('pluginId', '')} / {event.context.get('extension', '')}",
        user=_user(event.user, has_names=has_names),
        session=(event.session_id or "") if has_names else "",
        origin=event.origin,
        attributes=build_entries(event.attributes or {}),
        context=build_entries(event.context),
    )


def build_json(event: RecordedEvent, *, has_names: bool = True) -> str:
    """An event as `GET /api/events` gives it, without its user and visit unless `has_names`."""
    wire = event.to_wire()
    if not has_names:
        wire |= {"user": None, "sessionId": None}
    return json.dumps(wire, ensure_ascii=False, indent=2)


def _user(user: str | None, *, has_names: bool) -> str:
    if user is None:
        return "anonymous"
    return user if has_names else "signed in"
