"""The app's configuration: `app-config.yaml`, as `@backstage/config-loader` reads it.

Files are merged (later wins, objects deeply, lists as a whole), `${VAR}` is taken from
the environment, and `APP_CONFIG_app_title=...` overrides both. A null is an explicit
absence: it hides what an earlier file says. Not for secrets at rest: name a variable.

https://backstage.io/docs/conf/writing
"""

import copy
import difflib
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import orjson
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from backstage_py.analytics.errors import ConfigurationError

DEFAULT_FILE = "app-config.yaml"
LOCAL_FILE = "app-config.local.yaml"
FILES_VARIABLE = "APP_CONFIG"
OVERRIDE_PREFIX = "APP_CONFIG_"

_Environment: TypeAlias = Mapping[str, str]

_ABSENT: Any = object()
_SHOWN_CHARACTERS = 60
_SUBSTITUTION = re.compile(r"(\$?\$\{[^{}]*\})")
_OVERRIDE_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*", re.IGNORECASE)
_SECRET = re.compile(r"secret|token|passw|key|credential|private", re.IGNORECASE)
_CREDENTIALS_IN_URL = re.compile(r"://[^/\s]*@")
_INDEX = re.compile(r"\[\d+\].*")
_QUOTED = re.compile(r"(['\"]).{2,}\1", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUE = frozenset({"y", "yes", "true", "1", "on"})
_FALSE = frozenset({"n", "no", "false", "0", "off"})


@dataclass(frozen=True, slots=True)
class _Source:
    """What one file or one variable of the environment says."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Config:
    """Values by dotted path, as `app.analytics.ga4.measurementId`.

    What accessors give is a copy. Their errors name the full key and where it was set,
    and the value unless it looks like a secret.
    """

    _values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _sources: tuple[_Source, ...] = field(default=(), repr=False, compare=False)
    _prefix: str = ""

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
        """The truth at a path, or None.

        Texts as true, yes, on, 1 count, since `${VAR}` only gives texts.

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

        Texts of digits count, since `${VAR}` only gives texts.

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
        """What is below a path; empty if nothing is there.

        Raises:
            ConfigurationError: If it is no object.
        """
        value = self._find(path)
        if value is not None and not isinstance(value, Mapping):
            raise self._wrong(path, value, "Use an object, as {} or keys on lines of their own")
        return Config(value or {}, self._sources, self._full_key(path))

    def find_section(self, path: str) -> "Config | None":
        """What is below a path, or None if it is absent or false; true is an empty one.

        Raises:
            ConfigurationError: If it is something else.
        """
        switch = _parse_boolean(self._find(path))
        if switch:
            return Config({}, self._sources, self._full_key(path))
        return self.section(path) if switch is None and self.has(path) else None

    def without(self, *keys: str) -> "Config":
        """This section, but for these keys."""
        kept = {key: value for key, value in self._values.items() if key not in keys}
        return Config(kept, self._sources, self._prefix)

    def has(self, path: str) -> bool:
        """Whether there is a value at a path, whatever it is; a null is none."""
        return _look_up(self._values, path.split(".")) is not _ABSENT

    def keys(self) -> tuple[str, ...]:
        """The keys at the top of this section, in the order of the files."""
        return tuple(self._values)

    def as_dict(self) -> dict[str, Any]:
        """Everything, secrets included, as plain dicts and lists."""
        return copy.deepcopy(dict(self._values))

    def where(self, path: str = "") -> str:
        """A path as errors name it: its full key, and what set it last."""
        key = self._full_key(path)
        for source in reversed(self._sources):
            if key and _look_up(source.values, _INDEX.sub("", key).split(".")) is not _ABSENT:
                return f"{key} ({source.name})"
        return key or "configuration"

    def reject_unknown_keys(self, *known: str) -> None:
        """Refuse a key that nothing reads, so that a misspelt one is not ignored.

        Raises:
            ConfigurationError: For the first one.
        """
        for key in self._values:
            if key not in known:
                raise ConfigurationError(self.where(key), "is no known key", _closest(key, known))

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

    def _full_key(self, path: str) -> str:
        return ".".join(filter(None, (self._prefix, path)))

    def _wrong(self, path: str, value: object, hint: str) -> ConfigurationError:
        shown = _show(self._full_key(path), value)
        return ConfigurationError(self.where(path), f"is {shown}", hint)


def load_config(environ: _Environment = os.environ, folder: Path = Path()) -> Config:
    """Read `app-config.yaml` and `app-config.local.yaml`, or the files `APP_CONFIG` names.

    Names are relative to `folder`, separated by commas, the last wins.

    Raises:
        ConfigurationError: If a named file is missing, or a file is no YAML object.
    """
    files = [_read_file(folder, name, environ) for name in _file_names(environ, folder)]
    sources = (*files, *_read_overrides(environ))
    return Config(_merge_all(source.values for source in sources), sources)


def _file_names(environ: _Environment, folder: Path) -> list[str]:
    named = [name.strip() for name in environ.get(FILES_VARIABLE, "").split(",")]
    if any(named):
        return [name for name in named if name]
    return [name for name in (DEFAULT_FILE, LOCAL_FILE) if (folder / name).exists()]


def _read_file(folder: Path, name: str, environ: _Environment) -> _Source:
    path = folder / name
    document = _parse_yaml(name, _read_text(name, path))
    transform = _Transform(name, path.parent, environ)
    try:
        return _Source(name, transform.mapping(document, ""))
    except RecursionError:
        raise ConfigurationError(name, "is nested without end", "Remove the alias") from None


def _read_text(where: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise ConfigurationError(where, problem, "Name a file that is there") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(where, "is not UTF-8", "Save it as UTF-8") from error


class _PlainConstructor(SafeConstructor):
    """Leaves dates as texts, as Backstage's parser does."""


_PlainConstructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _parse_yaml(name: str, text: str) -> Mapping[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _PlainConstructor
    try:
        document = yaml.load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        raise _syntax_error(name, error) from None
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        lines = enumerate(text.splitlines(), 1)
        line = next((number for number, text in lines if _is_content(text)), 1)
        problem = f"is {_type_name(document)}, not an object"
        raise ConfigurationError(f"{name}:{line}", problem, "Write keys, as app: {title: Demo}")
    return document


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", "---", "%"))


def _syntax_error(name: str, error: Exception) -> ConfigurationError:
    """What is wrong and where, without the values: they may be secrets."""
    if not isinstance(error, MarkedYAMLError):
        return ConfigurationError(name, "is not valid YAML", "Remove what YAML cannot hold")
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}" if mark else name
    problem = _QUOTED.sub("…", error.problem or "syntax error")
    return ConfigurationError(where, f"is not valid YAML, {problem}", "Mend that line")


@dataclass(frozen=True, slots=True)
class _Transform:
    """Puts environment and files into the values of one file, as `applyConfigTransforms`."""

    name: str
    folder: Path
    environ: _Environment

    def mapping(self, values: Mapping[Any, Any], path: str) -> dict[str, Any]:
        changed = {
            _key_text(key): self.value(value, f"{path}.{_key_text(key)}".lstrip("."))
            for key, value in values.items()
        }
        return {key: value for key, value in changed.items() if value is not _ABSENT}

    def value(self, value: object, path: str) -> Any:
        if isinstance(value, str):
            return _substitute(value, self.environ)
        if isinstance(value, list):
            items = (self.value(item, f"{path}[{index}]") for index, item in enumerate(value))
            return [item for item in items if item is not _ABSENT]
        if isinstance(value, Mapping):
            include = next((key for key in _INCLUDES if key in value), None)
            return self._include(include, value, path) if include else self.mapping(value, path)
        if value is None or isinstance(value, bool | int | float):
            return value
        raise self._error(path, f"is a {type(value).__name__}", "Use a value that JSON can hold")

    def read_variable(self, name: str, _path: str) -> Any:
        return self.environ.get(name, _ABSENT)

    def read_file(self, name: str, path: str) -> str:
        return _read_text(f"{path} ({self.name})", self.folder / name).rstrip()

    def refuse_include(self, _name: str, path: str) -> Any:
        raise self._error(path, "uses $include", "Name the file in APP_CONFIG, or use $file")

    def _include(self, include: str, value: Mapping[Any, Any], path: str) -> Any:
        if len(value) > 1:
            raise self._error(path, f"has keys beside {include}", "Remove them")
        named = self.value(value[include], path)
        if not isinstance(named, str):
            raise self._error(path, f"names nothing in {include}", "Name a variable or a file")
        return _INCLUDES[include](self, named, path)

    def _error(self, path: str, problem: str, hint: str) -> ConfigurationError:
        return ConfigurationError(f"{path} ({self.name})", problem, hint)


_INCLUDES: Mapping[str, Callable[[_Transform, str, str], Any]] = {
    "$env": _Transform.read_variable,
    "$file": _Transform.read_file,
    "$include": _Transform.refuse_include,
}


def _substitute(text: str, environ: _Environment) -> Any:
    parts = [_substituted_part(part, environ) for part in _SUBSTITUTION.split(text)]
    texts = [part for part in parts if part is not None]
    return "".join(texts) if len(texts) == len(parts) else _ABSENT


def _substituted_part(part: str, environ: _Environment) -> str | None:
    if not _SUBSTITUTION.fullmatch(part):
        return part
    if part.startswith("$$"):
        return part[1:]
    name, has_default, default = part[2:-1].strip().partition(":-")
    value = environ.get(name.strip())
    if has_default and not (value or "").strip():
        return default
    return None if value is None else value.strip()


def _read_overrides(environ: _Environment) -> list[_Source]:
    """One source a variable, the ones nearer to the root first."""
    names = [name for name, value in environ.items() if name.startswith(OVERRIDE_PREFIX) and value]
    values = {_override_key(name): _override_value(name, environ[name]) for name in names}
    for key in values:
        _require_nestable(key, values)
    return [
        _Source("_".join((FILES_VARIABLE, *key)), _nested(key, values[key]))
        for key in sorted(values, key=len)
    ]


def _override_key(name: str) -> tuple[str, ...]:
    parts = tuple(name.removeprefix(OVERRIDE_PREFIX).split("_"))
    if not all(_OVERRIDE_KEY.fullmatch(part) for part in parts):
        raise ConfigurationError(
            name, "names no key", "Separate keys by one _, as APP_CONFIG_app_title"
        )
    return parts


def _override_value(name: str, text: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    if value is None:
        raise ConfigurationError(name, "is null", "Remove the variable, or give a value")
    return value


def _require_nestable(key: tuple[str, ...], values: Mapping[tuple[str, ...], Any]) -> None:
    for depth in range(1, len(key)):
        outer = values.get(key[:depth], {})
        if not isinstance(outer, Mapping):
            raise ConfigurationError(
                "_".join((FILES_VARIABLE, *key)),
                f"is below APP_CONFIG_{'_'.join(key[:depth])}, which is {_type_name(outer)}",
                "Remove one of the two",
            )


def _nested(key: Sequence[str], value: Any) -> dict[str, Any]:
    for part in reversed(key):
        value = {part: value}
    return value


def _merge_all(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merge(merged, layer)
    return merged


def _merge(below: Any, above: Any) -> Any:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return copy.deepcopy(above)
    return {**below, **{key: _merge(below.get(key), value) for key, value in above.items()}}


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


def _key_text(key: object) -> str:
    """A key as JavaScript writes it."""
    if isinstance(key, bool) or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    return str(key)


def _show(key: str, value: object) -> str:
    if isinstance(value, Mapping | list):
        return _type_name(value)
    text = json.dumps(value, ensure_ascii=False)
    if _SECRET.search(key) or _CREDENTIALS_IN_URL.search(text):
        return f"{_type_name(value)} that is not shown here"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _type_name(value: object) -> str:
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


def _closest(key: str, known: Sequence[str]) -> str:
    matches = difflib.get_close_matches(key, known, n=1)
    if matches:
        return f"Did you mean {matches[0]}?"
    return f"Use {', '.join(known)}" if known else "Remove it"
