"""What the browser knows of each route: whose page it is, and what it gathers.

The table is made while the app is compiled, from the routable extensions in each
page. Source of the rules: `collectors` and `RouteTracker` of
`@backstage/core-app-api` 1.20.5 (routing).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reflex_base.components.component import BaseComponent, Component

from backstage_py.analytics.capture.context import AnalyticsExtension, RoutedContent
from backstage_py.analytics.event import DEFAULT_CONTEXT, Scalar

_PARAMETER = re.compile(r"\[(?!\[)(\w+)\]")
_REST = re.compile(r"/?\[\[?\.\.\.\w+\]?\]$")


@dataclass(frozen=True, slots=True)
class Route:
    """A path of the app and the navigate that a visit to it is.

    `context` is None where no plugin is known: the navigate then has the default
    context and no parameters. `held` says that several plugins may be meant.
    """

    path: str
    context: Mapping[str, Scalar] | None
    held: bool = False

    def to_json(self) -> dict[str, Any]:
        """The route as `navigation.js` reads it."""
        known = {} if self.context is None else {"context": dict(self.context), "held": self.held}
        return {"path": self.path, **known}


def path_pattern(route: str) -> str:
    """A Reflex route as a React Router pattern: `a/[b]/[[...rest]]` is `/a/:b`."""
    path = _PARAMETER.sub(r":\1", _REST.sub("", route)).strip("/")
    return "/" if path in {"", "index"} else f"/{path}"


def page_routes(route: str, page: BaseComponent) -> Iterator[Route]:
    """The routes of one page: its own, and those of the content placed below it.

    Content that gathers nothing leaves its path to the page.
    """
    own = path_pattern(route)
    yield _gathered(own, _routable_extensions(page))
    for content in _routed_contents(page):
        extensions = list(_routable_extensions(*content.children))
        if extensions:
            below = _literal(content.path).rstrip("/")
            yield _gathered(f"{own.rstrip('/')}{below}" or "/", extensions)


def routes_module(routes: Iterable[Route]) -> str:
    """The table as a JavaScript module; of two routes with one path the later wins."""
    table = {route.path: route.to_json() for route in routes}
    return f"export const routes = {json.dumps(list(table.values()), indent=2)};\n"


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
