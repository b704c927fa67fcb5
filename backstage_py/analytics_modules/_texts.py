"""Texts within the limits of a tool."""

import logging
from functools import lru_cache

from backstage_py.analytics import Scalar

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
    """As much of a text as has `limit` bytes of UTF-8; a warning says what was cut."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    warn_of_cut(what, limit, "bytes")
    return encoded[:limit].decode(errors="ignore")


def cut(text: str, limit: int, what: str) -> str:
    """As much of a text as has `limit` characters; a warning says what was cut."""
    if len(text) <= limit:
        return text
    warn_of_cut(what, limit, "characters")
    return text[:limit]


@lru_cache
def warn_of_cut(what: str, limit: int, unit: str) -> None:
    """Say it once for each thing that is too long."""
    _logger.warning("%s is cut to %d %s: the tool takes no more", what, limit, unit)
