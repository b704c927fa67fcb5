"""Plugins of the portal: what they declare, and the registry that puts them together.

A plugin declares its id, its route refs and its extensions; a page or an extension
gets its analytics context (`pluginId`, `extension`, `routeRef`) from that
declaration. Source of the terms: `createPlugin`, `createRoutableExtension` and
`createComponentExtension` of `@backstage/core-plugin-api`.
"""

import functools
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventType
from reflex_base.components.component import Component
from starlette.routing import Route

from backstage_py.analytics import SettingsModel, analytics_extension
from backstage_py.portal.page_parts import PageCard, PageContent, Widget
from backstage_py.portal.routes import RouteRef
from backstage_py.portal.session import may
from backstage_py.ui.components.forbidden import forbidden

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ComponentExtension:
    """A part of a page that any plugin's page may show."""

    name: str
    component: Callable[..., Component]


@dataclass(frozen=True, slots=True)
class ContentExtension:
    """Content that a plugin places below another plugin's page, as a tab of it.

    `path` is below the page's own (`/` is the page's own path). With a `route_ref`
    the content counts as a page of its plugin. `content` is called with the cards that
    plugins place in it. `shown_if` decides per subject of the page, `on_load` runs
    whenever the page shows another one. Contents are sorted by their `order`, then in that of the
    plugins. `on_cards` gets, at each start, the cards that plugins place in the content; a portal
    that is already built calls none of the functions that make components.
    """

    attach_to: RouteRef
    name: str
    path: str
    title: str | rx.Var[str]
    content: Callable[[Sequence["PageCard"]], Component]
    route_ref: str | None = None
    order: int = 0
    shown_if: Callable[[], rx.Var[bool]] | None = None
    on_load: EventType[()] | None = None
    on_cards: Callable[[Sequence["CardExtension"]], None] | None = None


@dataclass(frozen=True, slots=True)
class CardExtension:
    """A card that a plugin places in a content, its own or another plugin's.

    `attach_to` is the content's name. Cards are sorted by their `order`, then in that of the
    plugins; an `is_wide` one takes the whole row. `shown_if` and `on_load` are as for a content. A
    content whose cards people arrange for themselves needs to know each as a `widget`.
    """

    attach_to: str
    name: str
    card: Callable[[], Component]
    is_wide: bool = False
    order: int = 0
    shown_if: Callable[[], rx.Var[bool]] | None = None
    on_load: EventType[()] | None = None
    widget: "Widget | None" = None


@dataclass(frozen=True, slots=True)
class PageExtension:
    """A page, mounted at a route ref.

    `page` is called with the contents that plugins place below it.
    """

    name: str
    route_ref: RouteRef
    title: str
    page: Callable[[Sequence[PageContent]], Component]
    on_load: EventType[()] | None = None
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the sidebar; `icon` is the name of a Lucide icon.

    With a `permission` it is shown to those who have it.

    Entries of one `section` are grouped below its name; those without one come first.
    """

    text: str
    icon: str
    route_ref: RouteRef
    section: str = ""
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureFlag:
    """A preview feature that people can switch on; off by default."""

    name: str
    description: str


class NoPluginSettings(SettingsModel):
    """The settings of a plugin that cannot be configured."""


@dataclass(frozen=True, slots=True)
class PortalPlugin:
    """Everything that one plugin adds to the portal.

    `sidebar` are components above the sidebar's entries, `sidebar_foot` below them. `commands` are
    further places that the command palette leads to, beside the sidebar's entries. `stylesheets`
    are results of `stylesheet`; their classes begin with `bp-<id>-`. `on_start` is called when the
    portal begins to serve, and must not wait; an async context manager that it returns is entered
    then, and left when the portal stops. `settings` is the schema of `app.plugins.<id>.config`,
    which `read_plugin_settings` reads. docs/plugins.md explains each with an example.
    """

    id: str
    pages: tuple[PageExtension, ...] = ()
    contents: tuple[ContentExtension, ...] = ()
    cards: tuple[CardExtension, ...] = ()
    components: tuple[ComponentExtension, ...] = ()
    sidebar: tuple[ComponentExtension, ...] = ()
    sidebar_foot: tuple[ComponentExtension, ...] = ()
    nav_items: tuple[NavItem, ...] = ()
    commands: tuple[NavItem, ...] = ()
    feature_flags: tuple[FeatureFlag, ...] = ()
    stylesheets: tuple[str, ...] = ()
    on_start: Callable[[], AbstractAsyncContextManager[None] | None] | None = None
    api_routes: Callable[[], Sequence[Route]] = tuple
    settings: type[SettingsModel] = NoPluginSettings

    def provide(self, extension: ComponentExtension, component: Component) -> Component:
        """Wrap `component` in the context of this plugin's `extension`."""
        return analytics_extension(component, plugin_id=self.id, name=extension.name)


class PluginError(ValueError):
    """Plugins that do not fit together; the message names them and how to fix it."""


class PortalRegistry:
    """The plugins of a portal."""

    def __init__(
        self, plugins: Iterable[PortalPlugin], *, switched_off: Collection[str] = ()
    ) -> None:
        """Check and register the plugins.

        Args:
            plugins: In the order of their entries in the sidebar.
            switched_off: Ids of those that the owner left out; cards attached to their contents are
                left out too.

        Raises:
            PluginError: If an id, a path, an extension's or a flag's name is used twice, or a card
                names a content that no plugin has.
        """
        self.plugins = tuple(plugins)
        self._require_unique("plugin id", (plugin.id for plugin in self.plugins))
        self._require_unique(
            "path", (page.route_ref.path for plugin in self.plugins for page in plugin.pages)
        )
        for plugin in self.plugins:
            extensions = (
                *(*plugin.pages, *plugin.contents, *plugin.cards),
                *(*plugin.components, *plugin.sidebar, *plugin.sidebar_foot),
            )
            self._require_unique(f"extension of {plugin.id}", (one.name for one in extensions))
        self._require_unique("feature flag", (flag.name for _, flag in self.feature_flags))
        self._require_contents(switched_off)

    @property
    def nav_items(self) -> tuple[NavItem, ...]:
        """The sidebar's entries, in the order of the plugins."""
        return tuple(item for plugin in self.plugins for item in plugin.nav_items)

    @property
    def feature_flags(self) -> tuple[tuple[str, FeatureFlag], ...]:
        """The flags that plugins declare, each with the id of its plugin."""
        return tuple((plugin.id, flag) for plugin in self.plugins for flag in plugin.feature_flags)

    @property
    def plugin_titles(self) -> dict[str, str]:
        """What people call each plugin: its entry in the sidebar, else its first page."""
        titles = {plugin.id: [page.title for page in plugin.pages] for plugin in self.plugins}
        entries = {plugin.id: [item.text for item in plugin.nav_items] for plugin in self.plugins}
        return {id_: names[0] for id_ in titles if (names := [*entries[id_], *titles[id_]])}

    @property
    def page_titles(self) -> dict[str, str]:
        """The title of each page whose path has no parameters, by its path."""
        return {
            page.route_ref.path: page.title
            for plugin in self.plugins
            for page in plugin.pages
            if "[" not in page.route_ref.path
        }

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """The plugins' CSS, in their order."""
        return tuple(sheet for plugin in self.plugins for sheet in plugin.stylesheets)

    @property
    def commands(self) -> tuple[NavItem, ...]:
        """The commands of the palette: the sidebar's entries, then those that plugins add."""
        return (*self.nav_items, *(one for plugin in self.plugins for one in plugin.commands))

    def build_sidebar(self) -> list[Component]:
        """Build the plugins' components above the sidebar's entries, each in its context."""
        return [
            plugin.provide(extension, extension.component())
            for plugin in self.plugins
            for extension in plugin.sidebar
        ]

    def build_sidebar_foot(self) -> list[Component]:
        """Build the plugins' components below the sidebar's entries, each in its context."""
        return [
            plugin.provide(extension, extension.component())
            for plugin in self.plugins
            for extension in plugin.sidebar_foot
        ]

    def list_api_routes(self) -> list[Route]:
        """List the HTTP routes of the plugins; called once, when the app is built."""
        return [route for plugin in self.plugins for route in plugin.api_routes()]

    def mount(self, app: rx.App, *, app_title: str) -> None:
        """Add every page to the app, each in its own context."""
        for content in (content for plugin in self.plugins for content in plugin.contents):
            if content.on_cards is not None:
                content.on_cards([card for _, card in self._list_cards(content.name)])
        for plugin in self.plugins:
            if plugin.on_start is not None:
                app.register_lifespan_task(plugin.on_start)
            for page in plugin.pages:
                app.add_page(
                    self._page_function(plugin, page),
                    route=page.route_ref.reflex_route,
                    title=f"{page.title} | {app_title}",
                    on_load=self._loads_of(page),
                )

    def _page_function(self, plugin: PortalPlugin, page: PageExtension) -> Callable[[], Component]:
        def build() -> Component:
            return analytics_extension(
                self._page(page),
                plugin_id=plugin.id,
                name=page.name,
                route_ref=page.route_ref.id,
            )

        build.__name__ = page.name
        # Reflex puts the components of all functions of a module into one file, which each of their
        # # pages loads: charts would be loaded with every page if all of it came from here.
        build.__module__ = _module_of(page.page)
        return build

    def _page(self, page: PageExtension) -> Component:
        """The page, or for people without its permission a message that says so.

        Its handlers check for themselves: this only keeps an empty page from being shown.
        """
        shown = page.page(self._contents_of(page.route_ref))
        if page.permission is None:
            return shown
        return rx.cond(may(page.permission), shown, forbidden(page.permission, is_page=True))

    def _contents_of(self, route_ref: RouteRef) -> list[PageContent]:
        return [
            PageContent(
                path=content.path,
                title=content.title,
                component=analytics_extension(
                    content.content(self._cards_of(content.name)),
                    plugin_id=plugin.id,
                    name=content.name,
                    route_ref=content.route_ref,
                    kind="entity-content",
                ),
                shown_if=content.shown_if() if content.shown_if else None,
            )
            for plugin, content in sorted(
                ((plugin, content) for plugin in self.plugins for content in plugin.contents),
                key=lambda one: one[1].order,
            )
            if content.attach_to == route_ref
        ]

    def _cards_of(self, content: str) -> list[PageCard]:
        return [
            PageCard(
                name=card.name,
                component=analytics_extension(
                    card.card(), plugin_id=plugin.id, name=card.name, kind="entity-card"
                ),
                is_wide=card.is_wide,
                shown_if=card.shown_if() if card.shown_if else None,
                widget=card.widget,
            )
            for plugin, card in self._list_cards(content)
        ]

    def _list_cards(self, content: str) -> list[tuple[PortalPlugin, CardExtension]]:
        cards = [
            (plugin, card)
            for plugin in self.plugins
            for card in plugin.cards
            if card.attach_to == content
        ]
        return sorted(cards, key=lambda one: one[1].order)

    def _loads_of(self, page: PageExtension) -> list[Any]:
        contents = [
            content
            for plugin in self.plugins
            for content in plugin.contents
            if content.attach_to == page.route_ref
        ]
        names = {content.name for content in contents}
        cards = [
            card for plugin in self.plugins for card in plugin.cards if card.attach_to in names
        ]
        # The page comes last: it shows itself when its cards have theirs, so that nothing jumps.
        return [load for one in (*cards, *contents, page) for load in _list_events(one.on_load)]

    def _require_contents(self, switched_off: Collection[str]) -> None:
        known = {content.name for plugin in self.plugins for content in plugin.contents}
        for plugin in self.plugins:
            for card in plugin.cards:
                if card.attach_to in known:
                    continue
                where = f"the card {card.name!r} of {plugin.id!r} is attached to {card.attach_to!r}"
                if not switched_off:
                    raise PluginError(f"{where}: use one of {', '.join(sorted(known))}")
                _logger.warning("%s, and not shown: no plugin that is on has that", where)

    @staticmethod
    def _require_unique(what: str, values: Iterable[str]) -> None:
        for value, count in Counter(values).items():
            if count > 1:
                raise PluginError(f"the {what} {value!r} is declared {count} times: rename one")


def _module_of(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return function.__module__


def _list_events(events: EventType[()] | None) -> Sequence[Any]:
    if events is None:
        return ()
    return events if isinstance(events, Sequence) else (events,)
