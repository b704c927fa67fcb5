"""The body of a POST: a batch of events, each of which may be broken on its own."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

import orjson

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import parse_session_id, parse_time

DROPPED_MOST = 1_000_000_000
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},:]', re.DOTALL)
"""A text, which may lack its end so that no byte is looked at twice, or a mark."""
_OUTSIDE, _IN_OBJECT, _IN_LIST = range(3)
_EVENTS_KEY = b'"events"'
_ID_KEY = b'"id"'


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """An event that is no JSON; its neighbours are. `id` is there if it can be made out."""

    problem: str
    id: str | None = None


BatchItem: TypeAlias = Any | BrokenItem


@dataclass(frozen=True, slots=True)
class Batch:
    """What a sender posts at once.

    `sent_at` is the sender's clock at that moment, `dropped` how many events it had to give
    up since its last answered batch.
    """

    items: list[BatchItem]
    session_id: str | None = None
    sent_at: datetime | None = None
    dropped: int = 0


def parse_batch(body: bytes) -> Batch:
    """The batch of a body, some of whose events may be no JSON; that may take a second.

    Raises:
        InvalidEventError: If it is no batch, whatever its events are.
    """
    try:
        content: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        content = _parse_apart(body, error)
    return _batch(content)


def parse_well_formed(body: bytes) -> Batch | None:
    """The batch of a body that is JSON throughout, as almost all are; None of any other.

    Raises:
        InvalidEventError: If it is JSON, but no batch.
    """
    try:
        content: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return _batch(content)


def _batch(content: object) -> Batch:
    if not isinstance(content, dict):
        raise InvalidEventError("body", "is no object", 'Send {"events": [...]}')
    fields = cast("dict[str, Any]", content)
    items = fields.get("events")
    if not isinstance(items, list):
        raise InvalidEventError("events", "is no list", 'Send {"events": [...]}')
    sent_at = fields.get("sentAt")
    return Batch(
        cast("list[BatchItem]", items),
        parse_session_id(fields.get("sessionId")),
        None if sent_at is None else parse_time("sentAt", sent_at),
        _parse_dropped(fields.get("dropped", 0)),
    )


def _parse_dropped(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= DROPPED_MOST:
        raise InvalidEventError("dropped", f"is {str(value)[:60]}", "Give a count")
    return value


def _parse_apart(body: bytes, error: orjson.JSONDecodeError) -> dict[str, Any]:
    """The fields of a body that is no JSON as a whole, when only some of its events are not."""
    found = _find_items(body)
    if found is None:
        raise InvalidEventError("body", str(error)[:200], "Send well-formed JSON") from None
    start, end, items = found
    try:
        envelope: object = orjson.loads(body[:start] + b"[]" + body[end:])
    except orjson.JSONDecodeError:
        envelope = None
    if not isinstance(envelope, dict):
        raise InvalidEventError("body", str(error)[:200], "Send well-formed JSON") from None
    return {**cast("dict[str, Any]", envelope), "events": [_parse_item(item) for item in items]}


def _parse_item(text: bytes) -> BatchItem:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return BrokenItem(str(error)[:200], _find_id(text))


def _find_id(item: bytes) -> str | None:
    """The id of an event that is no JSON."""
    depth = _OUTSIDE
    before = (b"", b"")
    for match in _TOKEN.finditer(item):
        token = match.group()
        if depth == _IN_OBJECT and before == (_ID_KEY, b":"):
            return _parse_text(token)
        depth += (token in b"[{") - (token in b"]}")
        before = (before[1], token)
    return None


def _parse_text(token: bytes) -> str | None:
    try:
        value: object = orjson.loads(token)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, str) else None


def _find_items(body: bytes) -> tuple[int, int, list[bytes]] | None:
    """Where the list of events begins and ends, and the text of each of its items."""
    depth = _OUTSIDE
    start: int | None = None
    item = 0
    items: list[bytes] = []
    before = b""
    for match in _TOKEN.finditer(body):
        token = match.group()
        if token in b"[{":
            depth += 1
            if start is None and depth == _IN_LIST and token == b"[" and before == _EVENTS_KEY:
                start, item = match.start(), match.end()
        elif token in b"]}":
            depth -= 1
            if start is not None and depth == _IN_OBJECT:
                last = body[item : match.start()]
                items += [last] if last.strip() or items else []
                return start, match.end(), items
        elif token == b"," and start is not None and depth == _IN_LIST:
            items.append(body[item : match.start()])
            item = match.end()
        if token != b":":
            before = token if depth == _IN_OBJECT else b""
    return None
