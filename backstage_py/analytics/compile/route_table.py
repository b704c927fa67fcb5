"""The browser's table of routes: the plugin of each page, and what the page collects.

The table is made while the app is compiled, from the routable extensions in each
page. Source of the rules: `collectors` and `RouteTracker` of
`@backstage/core-app-api` 1.20.5 (routing), and in the current dialect `RouteTracker` and
`matchRouteRefs` of `@backstage/frontend-app-api` 1.0.0 (routing).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reflex_base.components.component import BaseComponent, Component

from backstage_py.analytics.capture.context import PAGE_KIND, AnalyticsExtension, RoutedContent
from backstage_py.analytics.capture.dialect import CLASSIC, CURRENT, Dialect, extension_id
from backstage_py.analytics.event import DEFAULT_CONTEXT, Scalar

_PARAMETER = re.compile(r"\[(?!\[)(\w+)\]")
_REST = re.compile(r"/?\[\[?\.\.\.(\w+)\]?\]$")


@dataclass(frozen=True, slots=True)
class Route:
    """A path of the app, and the `navigate` event of a visit to it.

    `context` is None where no plugin is known: the navigate then has the default
    context and no parameters. `held` says that several plugins may be meant. One that is
    `exact` does not match the paths below it. `rest` is the name of a catch-all parameter.
    """

    path: str
    context: Mapping[str, Scalar] | None
    held: bool = False
    exact: bool = False
    rest: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The route as `navigation.js` reads it."""
        own: dict[str, Any] = {"exact": True} if self.exact else {}
        if self.rest is not None:
            own["rest"] = self.rest
        if self.context is None:
            return {"path": self.path, **own}
        gathered = {"_routeNodeType": "gathered"} if self.held else {}
        return {"path": self.path, "context": {**self.context, **gathered}, **own}


def path_pattern(route: str) -> str:
    """A Reflex route as a React Router pattern: `a/[b]/[[...rest]]` is `/a/:b`."""
    path = _PARAMETER.sub(r":\1", _REST.sub("", route)).strip("/")
    return "/" if path in {"", "index"} else f"/{path}"


def rest_parameter(route: str) -> str | None:
    """The name of a route's catch-all parameter: `rest` of `a/[[...rest]]`."""
    found = _REST.search(route)
    return found[1] if found else None


def page_routes(route: str, page: BaseComponent, dialect: Dialect = CLASSIC) -> Iterator[Route]:
    """The routes of one page: its own, and those of the content placed below it.

    Content that gathers nothing leaves its path to the page.
    """
    own = path_pattern(route)
    if dialect is CURRENT:
        yield from _current_routes(own, page)
        return
    yield _gathered(own, _routable_extensions(page))
    for content in _routed_contents(page):
        extensions = list(_routable_extensions(*content.children))
        if extensions:
            below = _literal(content.path).rstrip("/")
            yield _gathered(f"{own.rstrip('/')}{below}" or "/", extensions)


def routes_module(
    routes: Iterable[Route], dialect: Dialect = CLASSIC, plugins: Sequence[str] = ()
) -> str:
    """The table as a JavaScript module.

    If two routes have the same path, the later wins; in the current dialect, the one whose plugin
    comes first in `plugins`.
    """
    if dialect is CURRENT:
        table = _first_of_each(routes, plugins)
    else:
        table = {route.path: route for route in routes}.values()
    return f"export const routes = {json.dumps([one.to_json() for one in table], indent=2)};\n"


def plugin_ids(*components: BaseComponent) -> Iterator[str]:
    """The plugins of the extensions in these components, in their order."""
    return (_literal(extension.plugin_id) for extension in _extensions(*components))


def has_page_extension(page: BaseComponent) -> bool:
    """Whether an extension is a whole page."""
    return any(map(_is_page, _routable_at_any_depth(page)))


def _current_routes(own: str, page: BaseComponent) -> Iterator[Route]:
    """The page's own route last: content of the path `/` goes before its page."""
    extensions = list(_routable_at_any_depth(page))
    at_root = [extension for extension in extensions if not _is_page(extension)]
    for content in _routed_contents(page):
        below = _literal(content.path).rstrip("/")
        found = list(_routable_at_any_depth(*content.children))
        if below:
            path = f"{own.rstrip('/')}{below}"
            yield from (Route(path, _current_context(one)) for one in found)
        else:
            at_root += found
    yield from (Route(own, _current_context(one), exact=True) for one in at_root)
    yield from (Route(own, _current_context(one)) for one in extensions if _is_page(one))


def _current_context(extension: AnalyticsExtension) -> dict[str, Scalar]:
    plugin = _literal(extension.plugin_id)
    name, kind = (
        None if var is None else _literal(var) for var in (extension.name, extension.kind)
    )
    return {"pluginId": plugin, "extensionId": extension_id(plugin, name, kind)}


def _first_of_each(routes: Iterable[Route], plugins: Sequence[str]) -> Iterable[Route]:
    """The routes without duplicate paths: the first plugin wins, exact routes before others."""
    places = {plugin: place for place, plugin in enumerate(plugins)}

    def order(route: Route) -> tuple[bool, int]:
        plugin = str((route.context or {}).get("pluginId"))
        return not route.exact, places.get(plugin, len(places))

    first: dict[tuple[str, bool], Route] = {}
    for route in sorted(routes, key=order):
        first.setdefault((route.path, route.exact), route)
    return first.values()


def _gathered(path: str, extensions: Iterable[AnalyticsExtension]) -> Route:
    found = [(_literal(one.plugin_id), _literal(one.route_ref)) for one in extensions]
    if not found:
        return Route(path, None)
    plugins = {plugin for plugin, _ in found}
    refs = {ref for _, ref in found}
    plugin = plugins.pop() if len(plugins) == 1 else DEFAULT_CONTEXT["pluginId"]
    context = {"pluginId": plugin, "extension": DEFAULT_CONTEXT["extension"]}
    if len(refs) == 1:
        context["routeRef"] = refs.pop()
    return Route(path, context, held=plugin == DEFAULT_CONTEXT["pluginId"])


def _routable_extensions(*components: BaseComponent) -> Iterator[AnalyticsExtension]:
    """The outermost routable extensions, content of other routes left out."""
    for component in components:
        if isinstance(component, RoutedContent):
            continue
        if isinstance(component, AnalyticsExtension) and component.route_ref is not None:
            yield component
        elif isinstance(component, Component):
            yield from _routable_extensions(*component.children)


def _routable_at_any_depth(*components: BaseComponent) -> Iterator[AnalyticsExtension]:
    """All routable extensions, content of other routes left out."""
    for component in components:
        if isinstance(component, RoutedContent) or not isinstance(component, Component):
            continue
        if isinstance(component, AnalyticsExtension) and component.route_ref is not None:
            yield component
        yield from _routable_at_any_depth(*component.children)


def _extensions(*components: BaseComponent) -> Iterator[AnalyticsExtension]:
    for component in components:
        if isinstance(component, AnalyticsExtension):
            yield component
        if isinstance(component, Component):
            yield from _extensions(*component.children)


def _is_page(extension: AnalyticsExtension) -> bool:
    return extension.kind is not None and _literal(extension.kind) == PAGE_KIND


def _routed_contents(component: BaseComponent) -> Iterator[RoutedContent]:
    if isinstance(component, RoutedContent):
        yield component
    elif isinstance(component, Component):
        for child in component.children:
            yield from _routed_contents(child)


def _literal(var: Any) -> str:
    """The value of a prop that is known when the app is compiled.

    Raises:
        TypeError: If it is only known at run time.
    """
    value = getattr(var, "_var_value", None)
    if not isinstance(value, str):
        raise TypeError(
            f"{var!s} is only known at run time: a plugin's id, its route refs and the paths "
            "below a page have to be plain strings"
        )
    return value
