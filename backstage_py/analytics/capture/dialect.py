"""The two dialects that Backstage's events come in: `app.analytics.dialect`.

"classic" is the frontend system of `@backstage/core-plugin-api`, "current" that of
`@backstage/frontend-plugin-api` 1.0.0, where an extension has one id in place of a name and a
route ref. Other differences are in `browser/dialect.js`, in
`browser/dialect_current.js` and in `compile/route_table.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.event import DEFAULT_CONTEXT, PlainMapping, Scalar

DialectName: TypeAlias = Literal["classic", "current"]
_KEY = "app.analytics.dialect"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How events name their place; `outside` is the outermost context."""

    name: DialectName
    outside: Mapping[str, Scalar]


CLASSIC = Dialect("classic", DEFAULT_CONTEXT)
CURRENT = Dialect("current", PlainMapping({"pluginId": "app", "extensionId": "app/root"}))


def dialect_from_config(config: Config) -> Dialect:
    """The configured dialect; classic by default.

    Raises:
        ConfigurationError: If `app.analytics.dialect` is neither.
    """
    name = config.get_optional_string(_KEY) or CLASSIC.name
    for dialect in (CLASSIC, CURRENT):
        if dialect.name == name:
            return dialect
    raise ConfigurationError(config.where(_KEY), f"is {name}", "Use classic or current")


def extension_id(plugin_id: str, name: str | None, kind: str | None) -> str:
    """An extension's id in the current dialect, such as `page:catalog/CatalogIndexPage`.

    Source of the rule: `resolveExtensionDefinition` of `@backstage/frontend-plugin-api`.
    """
    return f"{f'{kind}:' if kind else ''}{plugin_id}{f'/{name}' if name else ''}"
