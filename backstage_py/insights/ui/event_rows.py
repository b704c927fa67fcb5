"""An event behind a number, as its dialog shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backstage_py.insights.ui import texts
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
    session: str
    attributes: list[Entry] = field(default_factory=list)
    context: list[Entry] = field(default_factory=list)


def build_event_row(event: Mapping[str, Any]) -> EventRow:
    """The row of an event in its wire form."""
    context = event.get("context") or {}
    moment = str(event["timestamp"])
    return EventRow(
        id=str(event["id"]),
        time=f"{datetime.fromisoformat(moment):%d %b %H:%M:%S}",
        moment=moment,
        action=str(event["action"]),
        subject=str(event["subject"]),
        value="" if event.get("value") is None else json.dumps(event["value"]),
        place=f"{context.get('pluginId', '')} / {context.get('extension', '')}",
        user=texts.person(event.get("user")) or "not signed in",
        session=str(event.get("sessionId") or "unknown"),
        attributes=build_entries(event.get("attributes") or {}),
        context=build_entries(context),
    )
