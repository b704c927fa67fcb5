"""Reads `app-config.yaml` and the environment, as `@backstage/config-loader` does.

Files are merged (later wins, objects deeply, lists as a whole), `${VAR}` is taken from
the environment, and `APP_CONFIG_app_title=...` overrides both.

https://backstage.io/docs/conf/writing
"""

import copy
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from backstage_py.analytics.config.configuration import Config, ConfigSource, type_name
from backstage_py.analytics.config.transforms import Environment, Transform, parse_yaml, read_text
from backstage_py.analytics.errors import ConfigurationError

DEFAULT_FILE = "app-config.yaml"
LOCAL_FILE = "app-config.local.yaml"
FILES_VARIABLE = "APP_CONFIG"
OVERRIDE_PREFIX = "APP_CONFIG_"

_OVERRIDE_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*", re.IGNORECASE)


def load_config(environ: Environment = os.environ, folder: Path = Path()) -> Config:
    """Read `app-config.yaml` and `app-config.local.yaml`, or the files `APP_CONFIG` names.

    Names are relative to `folder`, separated by commas, the last wins.

    Raises:
        ConfigurationError: If a named file is missing, or a file is not a YAML object.
    """
    files = [_read_file(folder, name, environ) for name in _file_names(environ, folder)]
    sources = (*files, *_read_overrides(environ))
    return Config(_merge_all(source.values for source in sources), sources)


def _file_names(environ: Environment, folder: Path) -> list[str]:
    named = [name.strip() for name in environ.get(FILES_VARIABLE, "").split(",")]
    if any(named):
        return [name for name in named if name]
    return [name for name in (DEFAULT_FILE, LOCAL_FILE) if (folder / name).exists()]


def _read_file(folder: Path, name: str, environ: Environment) -> ConfigSource:
    path = folder / name
    document = parse_yaml(name, read_text(name, path))
    transform = Transform(name, path.parent, environ)
    try:
        return ConfigSource(name, transform.mapping(document, ""), written=document)
    except RecursionError:
        raise ConfigurationError(name, "contains itself", "Remove the alias") from None


def _read_overrides(environ: Environment) -> list[ConfigSource]:
    """One source per variable, those nearer to the root first."""
    names = [name for name, value in environ.items() if name.startswith(OVERRIDE_PREFIX) and value]
    values = {_override_key(name): _override_value(name, environ[name]) for name in names}
    for key in values:
        _require_nestable(key, values)
    return [
        ConfigSource("_".join((FILES_VARIABLE, *key)), _nested(key, values[key]))
        for key in sorted(values, key=len)
    ]


def _override_key(name: str) -> tuple[str, ...]:
    parts = tuple(name.removeprefix(OVERRIDE_PREFIX).split("_"))
    if not all(_OVERRIDE_KEY.fullmatch(part) for part in parts):
        raise ConfigurationError(
            name, "names no key", "Separate keys by one _, such as APP_CONFIG_app_title"
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
                f"is below APP_CONFIG_{'_'.join(key[:depth])}, which is {type_name(outer)}",
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
