"""Reads and checks an event's JSON in one pass, which is enough for almost all events.

An event it does not accept may still be valid: `event.py` has the rules and the errors. A
text without an escape holds no NUL and no half of a surrogate pair (RFC 8259, section 7).
"""

from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, field

from backstage_py.analytics.event import (
    ACTION_CHARACTERS,
    EVENT_CHARACTERS,
    INTEGER_MAGNITUDE,
    KEY_CHARACTERS,
    KEYS,
    NUMBER_MAGNITUDE,
    TEXT_CHARACTERS,
    VERSION_CHARACTERS,
)

_Action: TypeAlias = Annotated[str, Meta(min_length=1, max_length=ACTION_CHARACTERS)]
_Text: TypeAlias = Annotated[str, Meta(max_length=TEXT_CHARACTERS)]
_Integer: TypeAlias = Annotated[int, Meta(ge=-INTEGER_MAGNITUDE, le=INTEGER_MAGNITUDE - 1)]
_Float: TypeAlias = Annotated[float, Meta(ge=-NUMBER_MAGNITUDE, le=NUMBER_MAGNITUDE)]
_Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=KEY_CHARACTERS)]
_Flat: TypeAlias = Annotated[dict[_Key, _Text | _Integer | _Float | bool], Meta(max_length=KEYS)]
_Version: TypeAlias = Annotated[str, Meta(min_length=1, max_length=VERSION_CHARACTERS)]
_ESCAPE: Final = b"\\u"
_INTERNAL: Final = b'"_'
"""The prefix of keys that may be internal."""


class PlainEvent(msgspec.Struct, gc=False):
    """The fields of an event that keep all rules; `id` and `timestamp` are still to be read."""

    id: str
    action: _Action
    subject: _Text
    value: _Integer | _Float | None = None
    attributes: _Flat | None = None
    context: _Flat | None = None
    timestamp: str | None = None
    app_version: _Version | None = field(default=None, name="appVersion")


class _Named(msgspec.Struct, gc=False):
    id: str


_DECODER = msgspec.json.Decoder(PlainEvent)
_ID_DECODER = msgspec.json.Decoder(_Named)
_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_plain(text: bytes) -> PlainEvent | None:
    """The event of a JSON text; None for one that needs a closer look."""
    if len(text) > EVENT_CHARACTERS or _ESCAPE in text or _INTERNAL in text:
        return None
    try:
        return _DECODER.decode(text)
    except _ERRORS:
        return None


def read_id(text: bytes) -> str | None:
    """The id in an event's JSON text, whatever else the text contains."""
    try:
        return _ID_DECODER.decode(text).id
    except _ERRORS:
        return None
