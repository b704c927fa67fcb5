"""The plugins of a portal: its own and those of installed packages, set by `app.plugins`.

A package declares its plugins as entry points of the group `backstage_py.plugins`: the name is the
plugin's id, the value the path of its `PortalPlugin`, such as `package.plugin:calendar_plugin`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from pydantic import Field

from backstage_py.analytics import Config, ConfigurationError, SettingsModel, closest, load_config
from backstage_py.portal.plugin import PortalPlugin, PortalRegistry

ENTRY_POINTS = "backstage_py.plugins"
SECTION = "app.plugins"
_START_PAGE = "/"

_Settings = TypeVar("_Settings", bound=SettingsModel)


class PluginSettings(SettingsModel):
    """The keys of `app.plugins.<id>` that every plugin has."""

    order: int = Field(0, description="a whole number; lower ones come first, 0 is usual")
    config: Mapping[str, Any] = Field({}, description="an object of the plugin's own keys")


def declare(plugin_id: str, place: str) -> EntryPoint:
    """A plugin that is imported only if it is wanted; `place` is `package.module:name`."""
    return EntryPoint(plugin_id, place, ENTRY_POINTS)


def choose_plugins(
    config: Config,
    built_in: Sequence[EntryPoint],
    given: Iterable[PortalPlugin] = (),
    *,
    required: Collection[str] = (),
) -> PortalRegistry:
    """Put together the plugins of a portal, without those that are switched off.

    Args:
        config: The whole configuration.
        built_in: The portal's own.
        given: Those of the app that is built; they follow the ones of installed packages.
        required: Ids that cannot be switched off.

    Raises:
        ConfigurationError: If a key of `app.plugins` is wrong, or a plugin cannot be imported.
        PluginError: If plugins do not fit together.
    """
    declared = [*built_in, *sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name)]
    given = tuple(given)
    known = [*(one.name for one in declared), *(plugin.id for plugin in given)]
    sections = _read_sections(config, known, required)
    switched_off = {id_ for id_, section in sections.items() if section is None}
    plugins = [_load(one) for one in declared if one.name not in switched_off]
    plugins += [plugin for plugin in given if plugin.id not in switched_off]
    for plugin in plugins:
        plugin.settings.from_config(_own_section(config, plugin.id))
    _require_start_page(plugins)
    plugins.sort(key=lambda plugin: (sections.get(plugin.id) or _PLAIN).order)
    return PortalRegistry(plugins, switched_off=switched_off)


def read_plugin_settings(plugin_id: str, schema: type[_Settings]) -> _Settings:
    """Return a plugin's own settings, `app.plugins.<id>.config`.

    Args:
        plugin_id: The plugin.
        schema: The plugin's `settings`.

    Raises:
        ConfigurationError: If a key or a value is wrong; the portal reports it at its start.
    """
    return schema.from_config(_own_section(load_config(), plugin_id))


_PLAIN = PluginSettings.model_validate({})


def _read_sections(
    config: Config, known: Sequence[str], required: Collection[str]
) -> dict[str, PluginSettings | None]:
    """The sections of plugins by id; None for those that are switched off."""
    section = config.section(SECTION)
    found: dict[str, PluginSettings | None] = {}
    for id_ in section.as_dict():
        if id_ not in known:
            problem = "is not an installed plugin"
            raise ConfigurationError(section.where(id_), problem, closest(id_, known))
        own = section.find_section(id_)
        if own is None and id_ in required:
            problem = "is false, and the portal does not work without it"
            raise ConfigurationError(section.where(id_), problem, "Remove the key")
        found[id_] = PluginSettings.from_config(own) if own is not None else None
    return found


def _own_section(config: Config, plugin_id: str) -> Config:
    section = config.section(SECTION).find_section(plugin_id)
    return (section or Config()).section("config")


def _load(found: EntryPoint) -> PortalPlugin:
    where = f"{SECTION}.{found.name}"
    switch = f"Fix or uninstall that package, or switch it off by {where}: false"
    try:
        plugin = found.load()
    except Exception as error:
        problem = f"is declared as {found.value}, which cannot be imported: {error}"
        raise ConfigurationError(where, problem, switch) from error
    if not isinstance(plugin, PortalPlugin):
        problem = f"is declared as {found.value}, which is {_describe(plugin)}, not a PortalPlugin"
        raise ConfigurationError(where, problem, switch)
    if plugin.id != found.name:
        problem = f"is declared as {found.value}, whose id is {plugin.id!r}"
        raise ConfigurationError(where, problem, "Give the entry point the name of the plugin's id")
    return plugin


def _describe(found: object) -> str:
    return getattr(found, "__name__", None) or f"of type {type(found).__name__}"


def _require_start_page(plugins: Iterable[PortalPlugin]) -> None:
    paths = {page.route_ref.path for plugin in plugins for page in plugin.pages}
    if _START_PAGE not in paths:
        raise ConfigurationError(
            SECTION,
            f"leaves no page at {_START_PAGE}",
            "Leave home switched on, or add a plugin with a page there",
        )
