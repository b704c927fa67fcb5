"""Converts events of the store to a table of plain columns for the copy."""

from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa

from backstage_py.analytics import RecordedEvent, StoredEvent, extension_of
from backstage_py.insights.buckets import to_moment
from backstage_py.insights.events import PAGE_ACTIONS, SEARCH
from backstage_py.insights.normal import lower_ascii, page_path, search_term
from backstage_py.insights.scope import ROBOT_KEY, SAMPLE_PREFIX

_TEXTS = (
    *("id", "action", "subject", "plugin_id", "extension", "route_ref"),
    *("user_ref", "session_id", "origin", "app_version", "path", "term", "link_to"),
    *("entity_ref", "attributes", "context"),
)
SCHEMA = pa.schema([
    ("position", pa.int64()),
    ("moment", pa.int64()),
    ("value", pa.float64()),
    ("is_sample", pa.bool_()),
    ("is_robot", pa.bool_()),
    *((name, pa.string()) for name in _TEXTS),
])  # fmt: skip
_PARAMETERS = ("kind", "namespace", "name")


def to_table(stored: Sequence[StoredEvent]) -> pa.Table:
    """The readable events, with extra columns for questions."""
    rows = [_row(one.position, one.event) for one in stored if one.event is not None]
    columns = {field.name: [row[field.name] for row in rows] for field in SCHEMA}
    return pa.table(columns, SCHEMA)


def entity_ref_of(event: RecordedEvent) -> str | None:
    """The entity an event is about."""
    attributes = event.attributes or {}
    for values in (event.context, attributes):
        ref = values.get("entityRef")
        if isinstance(ref, str) and ref:
            return ref
    parts = [attributes.get(name) for name in _PARAMETERS]
    if not all(isinstance(part, str) and part for part in parts):
        return None
    kind, namespace, name = parts
    return lower_ascii(f"{kind}:{namespace}/{name}")


def _row(position: int, event: RecordedEvent) -> dict[str, Any]:
    context, attributes = event.context, event.attributes
    to = (attributes or {}).get("to")
    return {
        "position": position,
        "moment": to_moment(event.timestamp),
        "value": None if event.value is None else float(event.value),
        "is_sample": event.session_id is not None and event.session_id.startswith(SAMPLE_PREFIX),
        "is_robot": context.get(ROBOT_KEY) is True,
        "id": event.id,
        "action": event.action,
        "subject": event.subject,
        "plugin_id": str(context.get("pluginId", "")),
        "extension": extension_of(context),
        "route_ref": str(context.get("routeRef", "")),
        "user_ref": event.user,
        "session_id": event.session_id,
        "origin": event.origin,
        "app_version": event.app_version,
        "path": page_path(event.subject) if event.action in PAGE_ACTIONS else None,
        "term": search_term(event.subject) if event.action == SEARCH else None,
        "link_to": to if isinstance(to, str) else None,
        "entity_ref": entity_ref_of(event),
        "attributes": None if attributes is None else orjson.dumps(dict(attributes)).decode(),
        "context": orjson.dumps(dict(context)).decode(),
    }
