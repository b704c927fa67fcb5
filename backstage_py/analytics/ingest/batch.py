"""The body of a POST: a batch of events, each of which may be broken on its own."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import orjson

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import parse_session_id, parse_time

DROPPED_MOST = 1_000_000_000
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},:]', re.DOTALL)
"""A string, possibly without its end so that no byte is read twice, or a punctuation mark."""
_OUTSIDE, _IN_OBJECT, _IN_LIST = range(3)
_EVENTS_KEY = b'"events"'
_ID_KEY = b'"id"'


_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS = msgspec.json.Decoder(list[msgspec.Raw])
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """An event that is not valid JSON, with its `id` if that can be read."""

    problem: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The body of a sender's request.

    `items` are the JSON texts of the events, not read yet. `sent_at` is the sender's clock
    at that moment, `dropped` how many events it had to give up since its last answered batch.
    `capture_key` is what a browser says about who was signed in when the events were captured.
    """

    items: Sequence[bytes | BrokenItem]
    session_id: str | None = None
    sent_at: datetime | None = None
    dropped: int = 0
    capture_key: object = None


def parse_batch(body: bytes) -> Batch:
    """Parse a body, some of whose events may be invalid JSON; this may take a second.

    Raises:
        InvalidEventError: If it is not a batch, whatever its events are.
    """
    batch = parse_well_formed(body)
    return _parse_apart(body) if batch is None else batch


def parse_well_formed(body: bytes) -> Batch | None:
    """Parse a body of valid JSON, as almost all are; None for any other.

    Raises:
        InvalidEventError: If it is JSON, but not a batch.
    """
    try:
        fields = _FIELDS.decode(body)
    except msgspec.ValidationError:
        raise InvalidEventError("body", "is not an object", 'Send {"events": [...]}') from None
    except _MALFORMED:
        return None
    try:
        texts = _TEXTS.decode(fields["events"])
    except (KeyError, msgspec.ValidationError):
        raise InvalidEventError("events", "is not a list", 'Send {"events": [...]}') from None
    return _batch(fields, list(map(bytes, texts)))


def _batch(fields: Mapping[str, msgspec.Raw], items: Sequence[bytes | BrokenItem]) -> Batch:
    sent_at = _value(fields, "sentAt")
    return Batch(
        items,
        parse_session_id(_value(fields, "sessionId")),
        None if sent_at is None else parse_time("sentAt", sent_at),
        _parse_dropped(_value(fields, "dropped", 0)),
        _value(fields, "captureKey"),
    )


def _value(fields: Mapping[str, msgspec.Raw], name: str, default: Any = None) -> Any:
    try:
        return orjson.loads(bytes(fields[name])) if name in fields else default
    except orjson.JSONDecodeError as error:
        raise _no_json(error) from None


def _no_json(error: Exception) -> InvalidEventError:
    return InvalidEventError("body", str(error)[:200], "Send well-formed JSON")


def _parse_dropped(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= DROPPED_MOST:
        raise InvalidEventError("dropped", f"is {str(value)[:60]}", "Give a count")
    return value


def _parse_apart(body: bytes) -> Batch:
    """The batch of a body that is not valid JSON because of some of its events."""
    found = _find_items(body)
    if found is None:
        raise InvalidEventError("body", "is not valid JSON", "Send well-formed JSON")
    start, end, items = found
    try:
        fields = _FIELDS.decode(body[:start] + b"[]" + body[end:])
    except _MALFORMED as error:
        raise _no_json(error) from None
    parsed = [_unless_broken(item) for item in items]
    return _batch(fields, parsed)


def _unless_broken(item: bytes) -> bytes | BrokenItem:
    try:
        parse_item(item)
    except ValueError as error:
        return BrokenItem(str(error)[:200], _find_id(item))
    return item


def parse_item(item: bytes) -> object:
    """Parse the JSON of an event, which may hold half of a surrogate pair, as browsers write it.

    Raises:
        ValueError: If it is not valid JSON.
    """
    try:
        return orjson.loads(item)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(item, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise error from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _find_id(item: bytes) -> str | None:
    """The id of an event that is not valid JSON; a long one may take a second."""
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
    """The start and end of the list of events, and the text of each item."""
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
