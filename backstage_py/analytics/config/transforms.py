"""The content of one file of the configuration: YAML, with variables and files substituted.

Source of the rules: `applyConfigTransforms` of `@backstage/config-loader`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from backstage_py.analytics.config.configuration import type_name
from backstage_py.analytics.errors import ConfigurationError

Environment: TypeAlias = Mapping[str, str]

_ABSENT: Any = object()
_SUBSTITUTION = re.compile(r"(\$?\$\{[^{}]*\})")
_QUOTED = re.compile(r"(['\"]).{2,}\1", re.DOTALL)


def read_text(where: str, path: Path) -> str:
    """The text of a file; `where` names it in an error.

    Raises:
        ConfigurationError: If it is not there, or not UTF-8.
    """
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


def parse_yaml(name: str, text: str) -> Mapping[str, Any]:
    """The object that a file of this name holds.

    Raises:
        ConfigurationError: If it is not a YAML object; it names the line.
    """
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
        problem = f"is {type_name(document)}, not an object"
        raise ConfigurationError(
            f"{name}:{line}", problem, "Write keys, such as app: {title: Demo}"
        )
    return document


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", "---", "%"))


def _syntax_error(name: str, error: Exception) -> ConfigurationError:
    """The problems and their places, without values, which may be secrets."""
    if not isinstance(error, MarkedYAMLError):
        return ConfigurationError(
            name, "is not valid YAML", "Remove the characters that YAML does not allow"
        )
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}" if mark else name
    problem = _QUOTED.sub("…", error.problem or "syntax error")
    return ConfigurationError(where, f"is not valid YAML, {problem}", "Fix that line")


@dataclass(frozen=True, slots=True)
class Transform:
    """Substitutes variables and files in one file's values, like `applyConfigTransforms`."""

    name: str
    folder: Path
    environ: Environment

    def mapping(self, values: Mapping[Any, Any], path: str) -> dict[str, Any]:
        """An object with substituted values, without the unset ones."""
        changed = {
            _key_text(key): self.value(value, f"{path}.{_key_text(key)}".lstrip("."))
            for key, value in values.items()
        }
        return {key: value for key, value in changed.items() if value is not _ABSENT}

    def value(self, value: object, path: str) -> Any:
        """A value with variables and files substituted."""
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
        """`$env`: the value of a variable."""
        return self.environ.get(name, _ABSENT)

    def read_file(self, name: str, path: str) -> str:
        """`$file`: the content of a file beside this one."""
        return read_text(f"{path} ({self.name})", self.folder / name).rstrip()

    def refuse_include(self, _name: str, path: str) -> Any:
        """`$include`: not supported."""
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


_INCLUDES: Mapping[str, Callable[[Transform, str, str], Any]] = {
    "$env": Transform.read_variable,
    "$file": Transform.read_file,
    "$include": Transform.refuse_include,
}


def _substitute(text: str, environ: Environment) -> Any:
    parts = [_substituted_part(part, environ) for part in _SUBSTITUTION.split(text)]
    texts = [part for part in parts if part is not None]
    return "".join(texts) if len(texts) == len(parts) else _ABSENT


def _substituted_part(part: str, environ: Environment) -> str | None:
    if not _SUBSTITUTION.fullmatch(part):
        return part
    if part.startswith("$$"):
        return part[1:]
    name, has_default, default = part[2:-1].strip().partition(":-")
    value = environ.get(name.strip())
    if has_default and not (value or "").strip():
        return default
    return None if value is None else value.strip()


def _key_text(key: object) -> str:
    """A key as JavaScript writes it."""
    if isinstance(key, bool) or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    return str(key)
