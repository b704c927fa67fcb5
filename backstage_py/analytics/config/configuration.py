"""The app's configuration: typed values by their dotted paths.

A null is an explicit absence: it hides what an earlier file says.
"""

import copy
import difflib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstage_py.analytics.errors import ConfigurationError

_ABSENT: Any = object()
_SHOWN_CHARACTERS = 60
_SECRET = re.compile(r"secret|token|passw|key|credential|private|connectionstring", re.IGNORECASE)
_CREDENTIALS_IN_URL = re.compile(r"://[^/\s]*@")
_INDEX = re.compile(r"\[\d+\].*")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUE = frozenset({"y", "yes", "true", "1", "on"})
_FALSE = frozenset({"n", "no", "false", "0", "off"})


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """The values of one file or environment variable.

    `written` is the file's own text, before `${VAR}` and its like are replaced.
    """

    name: str
    values: Mapping[str, Any]
    written: Any = None


@dataclass(frozen=True, slots=True)
class Config:
    """Values by dotted path, as `app.analytics.ga4.measurementId`.

    Accessors return copies. Their errors name the full key and where it was set,
    and the value unless it looks like a secret.
    """

    _values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _sources: tuple[ConfigSource, ...] = field(default=(), repr=False, compare=False)
    _prefix: str = ""
    _whole: "Config | None" = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", _without_nulls(self._values))

    def get_string(self, path: str) -> str:
        """The text at a path; an empty one is an error, as in `@backstage/config`.

        Raises:
            ConfigurationError: If there is none, or something else.
        """
        text = self.get_optional_string(path)
        if text is None:
            raise ConfigurationError(self.where(path), "is missing", "Give a string")
        return text

    def get_optional_string(self, path: str) -> str | None:
        """The text at a path, or None.

        Raises:
            ConfigurationError: If it is something else, or empty.
        """
        value = self._find(path)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self._wrong(path, value, 'Use a string; a number or a boolean in quotes, as "8"')

    def get_optional_boolean(self, path: str) -> bool | None:
        """The boolean at a path, or None.

        Strings such as true, yes, on and 1 count, since `${VAR}` always gives a string.

        Raises:
            ConfigurationError: If it is something else.
        """
        value = self._find(path)
        truth = _parse_boolean(value)
        if value is not None and truth is None:
            raise self._wrong(path, value, "Use true or false")
        return truth

    def get_optional_number(self, path: str) -> int | float | None:
        """The finite number at a path, or None.

        Numeric strings count, since `${VAR}` always gives a string.

        Raises:
            ConfigurationError: If it is something else.
        """
        value = self._find(path)
        if value is None:
            return None
        number = _parse_number(value)
        if number is None:
            raise self._wrong(path, value, "Use a number")
        return number

    def get_optional_list(self, path: str) -> tuple[Any, ...] | None:
        """The list at a path, or None; its items are plain values, dicts and lists.

        Raises:
            ConfigurationError: If it is something else.
        """
        value = self._find(path)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self._wrong(path, value, "Use a list, as [one, two]")
        return tuple(copy.deepcopy(value))

    def section(self, path: str) -> "Config":
        """The section at a path; empty if it is absent.

        Raises:
            ConfigurationError: If it is not an object.
        """
        value = self._find(path)
        if value is not None and not isinstance(value, Mapping):
            raise self._wrong(path, value, "Use an object, as {} or keys on lines of their own")
        return self._below(path, value or {})

    def find_section(self, path: str) -> "Config | None":
        """The section at a path, or None if it is absent or false; true is an empty section.

        Raises:
            ConfigurationError: If it is something else.
        """
        switch = _parse_boolean(self._find(path))
        if switch:
            return self._below(path, {})
        return self.section(path) if switch is None and self.has(path) else None

    def without(self, *keys: str) -> "Config":
        """This section without these keys."""
        kept = {key: value for key, value in self._values.items() if key not in keys}
        return Config(kept, self._sources, self._prefix, self.whole)

    def only(self, *keys: str) -> "Config":
        """This section with only these keys."""
        return self.without(*(key for key in self._values if key not in keys))

    @property
    def whole(self) -> "Config":
        """The whole configuration, for settings that several sections share."""
        return self if self._whole is None else self._whole

    def has(self, path: str) -> bool:
        """Whether there is a value at a path; null does not count."""
        return _look_up(self._values, path.split(".")) is not _ABSENT

    def keys(self) -> tuple[str, ...]:
        """The keys at the top of this section, in the order of the files."""
        return tuple(self._values)

    def as_dict(self) -> dict[str, Any]:
        """Everything, secrets included, as plain dicts and lists."""
        return copy.deepcopy(dict(self._values))

    def where(self, path: str = "") -> str:
        """A path for error messages: its full key, and the source that set it last.

        For a missing key it is the source of the section where it is missing.
        """
        key = self._full_key(path)
        parts = _INDEX.sub("", key).split(".")
        for depth in range(len(parts), len(self._prefix.split(".")) - 1, -1):
            for source in reversed(self._sources):
                if key and _look_up(source.values, parts[:depth]) is not _ABSENT:
                    return f"{key} ({source.name})"
        return key or "configuration"

    def stands_in_file(self, path: str) -> bool:
        """Whether the value at a path is written literally in a file, not substituted."""
        parts = self._full_key(path).split(".")
        for source in reversed(self._sources):
            value = _look_up(source.values, parts)
            if value is not _ABSENT:
                return value == _look_up(source.written, parts)
        return False

    def reject_unknown_keys(self, *known: str) -> None:
        """Refuse unknown keys, so that a misspelt one is not ignored.

        Raises:
            ConfigurationError: For the first unknown key.
        """
        for key in self._values:
            if key not in known:
                raise ConfigurationError(self.where(key), "is not a known key", closest(key, known))

    def _find(self, path: str) -> Any:
        parts = path.split(".")
        for depth in range(1, len(parts)):
            value = _look_up(self._values, parts[:depth])
            if value is _ABSENT:
                return None
            if not isinstance(value, Mapping):
                raise self._wrong(".".join(parts[:depth]), value, "Use an object")
        value = _look_up(self._values, parts)
        return None if value is _ABSENT else value

    def _below(self, path: str, values: Mapping[str, Any]) -> "Config":
        return Config(values, self._sources, self._full_key(path), self.whole)

    def _full_key(self, path: str) -> str:
        return ".".join(filter(None, (self._prefix, path)))

    def _wrong(self, path: str, value: object, hint: str) -> ConfigurationError:
        shown = shown_value(self._full_key(path), value)
        return ConfigurationError(self.where(path), f"is {shown}", hint)


def _without_nulls(values: Any) -> Any:
    if not isinstance(values, Mapping):
        return copy.deepcopy(values)
    return {key: _without_nulls(value) for key, value in values.items() if value is not None}


def _look_up(values: Any, parts: Sequence[str]) -> Any:
    for part in parts:
        if not isinstance(values, Mapping) or part not in values:
            return _ABSENT
        values = values[part]
    return values


def _parse_boolean(value: object) -> bool | None:
    word = str(value).strip().lower()
    return word in _TRUE if word in _TRUE | _FALSE else None


def _parse_number(value: object) -> int | float | None:
    if isinstance(value, str):
        return _parse_digits(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def _parse_digits(text: str) -> int | float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if text.lstrip("+-").isdigit():
        return int(text)
    return number if math.isfinite(number) else None


def shown_value(key: str, value: object) -> str:
    """A value for error messages; hidden if its key or form suggests a secret."""
    if isinstance(value, Mapping | list):
        return type_name(value)
    text = json.dumps(value, ensure_ascii=False)
    if _SECRET.search(key) or _CREDENTIALS_IN_URL.search(text):
        return f"{type_name(value)} that is not shown here"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def type_name(value: object) -> str:
    """The YAML name of a value's type."""
    match value:
        case Mapping():
            return "an object"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case _:
            return "a list"


def closest(key: str, known: Sequence[str]) -> str:
    """The hint for an unknown key."""
    matches = difflib.get_close_matches(key, known, n=1)
    if matches:
        return f"Did you mean {matches[0]}?"
    return f"Use {', '.join(known)}" if known else "Remove it"
