"""Texts within the limits of a tool."""

import logging
from collections.abc import Mapping
from functools import lru_cache

from backstage_py.analytics import Scalar
from backstage_py.analytics_modules._names import renamed

_logger = logging.getLogger(__name__)
_EXACT = 1e15


def as_text(value: Scalar) -> str:
    """A value as JavaScript writes it: `true`, `3`, `0.5`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)


def cut_bytes(text: str, limit: int, what: str) -> str:
    """Cut a text to `limit` bytes of UTF-8; logs a warning."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    warn_of_cut(what, limit, "bytes")
    return encoded[:limit].decode(errors="ignore")


def cut(text: str, limit: int, what: str) -> str:
    """Cut a text to `limit` characters; logs a warning."""
    if len(text) <= limit:
        return text
    warn_of_cut(what, limit, "characters")
    return text[:limit]


def cut_facts(
    facts: Mapping[str, Scalar], *, keys: int, name: int, value: int
) -> dict[str, Scalar]:
    """Cut facts to the tool's limits of number, names and texts.

    Args:
        facts: What to send, the most important first.
        keys: The maximum number of facts.
        name: The maximum length of a name in bytes.
        value: The maximum length of a text in bytes.
    """
    kept = dict(list(facts.items())[:keys])
    if len(kept) < len(facts):
        warn_of_cut("The list of an event's facts", keys, "entries")
    return {
        key: cut_bytes(given, value, key) if isinstance(given, str) else given
        for key, given in renamed(kept, lambda key: cut_bytes(key, name, key), name).items()
    }


@lru_cache
def warn_of_cut(what: str, limit: int, unit: str) -> None:
    """Log a warning, once for each thing that is too long."""
    _logger.warning("%s is cut to %d %s: the tool accepts no more", what, limit, unit)
