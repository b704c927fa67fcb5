"""Flat names for the values of an event, for tools that need them."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from backstage_py.analytics import RecordedEvent, Scalar
from backstage_py.analytics_modules._categories import category_of

_T = TypeVar("_T")
_logger = logging.getLogger(__name__)


def prefixed(prefix: str, values: Mapping[str, Scalar] | None) -> dict[str, Scalar]:
    """The values, each under its key with a prefix."""
    return {f"{prefix}{key}": value for key, value in (values or {}).items()}


def facts_of(event: RecordedEvent, separator: str = "_") -> dict[str, Scalar]:
    """All facts of an event, flat: `subject`, `category`, `value`, `context_KEY`, ..."""
    return {
        "subject": event.subject,
        "category": category_of(event),
        **({} if event.value is None else {"value": event.value}),
        **prefixed(f"context{separator}", event.context),
        **prefixed(f"attributes{separator}", event.attributes),
    }


def renamed(values: Mapping[str, _T], rename: Callable[[str], str], limit: int) -> dict[str, _T]:
    """The values under other names; a duplicate name gets a number, and one warning.

    Args:
        values: The values by name.
        rename: Returns a name that the tool accepts, of at most `limit` bytes.
        limit: The maximum length of a name in bytes.
    """
    found: dict[str, _T] = {}
    for name, value in values.items():
        wanted = free = rename(name)
        number = 1
        while free in found:
            number += 1
            suffix = f"_{number}"
            kept = wanted.encode()[: limit - len(suffix)].decode(errors="ignore")
            free = f"{kept}{suffix}"
        if free != wanted:
            _warn_of_collision(name, wanted, free)
        found[free] = value
    return found


@lru_cache
def _warn_of_collision(name: str, wanted: str, free: str) -> None:
    _logger.warning(
        "%s would be sent as %s, which is already used: it is sent as %s", name, wanted, free
    )
