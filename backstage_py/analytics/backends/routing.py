"""Which events and fields a tool receives: the keys that every tool's section may have."""

import re
from collections.abc import Mapping
from dataclasses import replace

from pydantic import Field

from backstage_py.analytics.config.settings import OneOrMore, RequiredText, SettingsModel
from backstage_py.analytics.event import RecordedEvent, Scalar

_MASK = 0xFFFFFFFF


class Match(SettingsModel):
    """A filter: an event has to match all given fields; `*` matches any text."""

    action: OneOrMore[RequiredText] | None = Field(
        default=None, description="an action, or a list of them"
    )
    plugin: OneOrMore[RequiredText] | None = Field(
        default=None, description="a plugin's id, or a list of them"
    )
    attributes: Mapping[str, OneOrMore[str | bool | int | float]] = Field(
        default={}, description="an object of attributes, each with a value or a list of values"
    )

    def matches(self, event: RecordedEvent) -> bool:
        """Whether the event matches."""
        attributes = event.attributes or {}
        return (
            _is_one_of(self.action, event.action)
            and _is_one_of(self.plugin, event.context.get("pluginId"))
            and all(_is_one_of(want, attributes.get(key)) for key, want in self.attributes.items())
        )


class Routing(SettingsModel):
    """The part of all events that a tool receives."""

    include: tuple[Match, ...] | None = Field(
        default=None, description="a list of objects with action, plugin or attributes"
    )
    exclude: tuple[Match, ...] = Field(
        default=(), description="a list of objects with action, plugin or attributes"
    )
    sampling: float = Field(
        default=1.0, ge=0, le=1, description="a share of the sessions, from 0 to 1"
    )
    redact: tuple[RequiredText, ...] = Field(
        default=(), description="a list of names of attributes and context values"
    )

    def takes(self, event: RecordedEvent) -> bool:
        """Whether the tool gets this event; a session is sampled as a whole."""
        return (
            (self.include is None or any(match.matches(event) for match in self.include))
            and not any(match.matches(event) for match in self.exclude)
            and share_of(event.session_id or event.id) < self.sampling
        )

    def redacted(self, event: RecordedEvent) -> RecordedEvent:
        """The event without the fields that the tool must not receive."""
        if not self.redact:
            return event
        attributes = None if event.attributes is None else self._left(event.attributes)
        return replace(event, attributes=attributes, context=self._left(event.context))

    def _left(self, values: Mapping[str, Scalar]) -> Mapping[str, Scalar]:
        return {key: value for key, value in values.items() if not _is_one_of(self.redact, key)}


def share_of(text: str) -> float:
    """A number from 0 to below 1, always the same for a text and evenly spread over many.

    FNV-1a with the finalizer of MurmurHash3, as `browser/tools.js` has it.
    """
    number = 0x811C9DC5
    for byte in text.encode():
        number = ((number ^ byte) * 0x01000193) & _MASK
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        number = ((number ^ (number >> shift)) * factor) & _MASK
    return (number ^ (number >> 16)) / 2**32


def _is_one_of(patterns: tuple[Scalar, ...] | None, value: Scalar | None) -> bool:
    if patterns is None:
        return True
    return value is not None and any(_matches(pattern, value) for pattern in patterns)


def _matches(pattern: Scalar, value: Scalar) -> bool:
    if isinstance(pattern, str) and isinstance(value, str):
        expression = ".*".join(map(re.escape, pattern.split("*")))
        return re.fullmatch(expression, value, re.DOTALL) is not None
    return pattern == "*" or (
        isinstance(pattern, bool) == isinstance(value, bool) and pattern == value
    )
