"""Instruments a page when the app is compiled: its context, its routes, its captures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reflex.constants import Page404
from reflex_base.components.component import BaseComponent, Component
from reflex_base.plugins.compiler import PageContext
from reflex_base.vars import VarData
from reflex_base.vars.base import Var

from backstage_py.analytics.browser.modules import NAVIGATION_MODULE
from backstage_py.analytics.capture.context import (
    CaptureOnMount,
    analytics_extension,
    capture_on_mount,
)
from backstage_py.analytics.capture.dialect import CLASSIC, CURRENT, Dialect
from backstage_py.analytics.compile.auto_capture import AutoCapture
from backstage_py.analytics.compile.route_table import (
    Route,
    has_page_extension,
    page_routes,
    path_pattern,
    rest_parameter,
)

_APP = "app"
"""The plugin of pages that belong to no other, in the current dialect."""
NAVIGATION_WRAP = (100, "NavigationTracker")
"""Its place among Reflex's app wraps: outside of everything that belongs to the app."""


class NavigationTracker(Component):
    """Fires `navigate` before anything inside it captures."""

    library = NAVIGATION_MODULE
    tag = "NavigationTracker"


@dataclass(frozen=True, slots=True)
class PageInstrumentation:
    """How pages are instrumented.

    `plugin_id` is that of the pages that do not declare an extension themselves;
    without it they have no context of their own. In the current dialect there are no such
    pages: they are extensions of the plugin `app`. `names` are those of the page functions, by
    route.
    """

    capture: AutoCapture
    plugin_id: str | None
    dialect: Dialect = CLASSIC
    names: Mapping[str, str] = field(default_factory=dict)

    def apply(self, root: BaseComponent, page: PageContext) -> tuple[BaseComponent, list[Route]]:
        """The instrumented page and its routes."""
        page.app_wrap_components[NAVIGATION_WRAP] = NavigationTracker.create()
        if page.route == Page404.SLUG:
            if self.plugin_id is not None and not _has_own_capture(root):
                root = _with_not_found(root, page)
            return self.capture.instrument(root, page.own), []
        routes = list(page_routes(page.route, root, self.dialect))
        if self.dialect is CURRENT:
            is_nobodys = not has_page_extension(root)
        else:
            is_nobodys = all(route.context is None for route in routes)
        plugin_id = self.plugin_id or (_APP if self.dialect is CURRENT else None)
        if plugin_id is not None and is_nobodys:
            root = self._as_extension(root, page, plugin_id)
            rest = rest_parameter(page.route)
            routes = [
                replace(route, rest=rest) for route in page_routes(page.route, root, self.dialect)
            ]
        return self.capture.instrument(root, page.own), routes

    def _as_extension(
        self, root: BaseComponent, page: PageContext, plugin_id: str
    ) -> BaseComponent:
        name = self.names.get(page.route, page.route)
        if plugin_id == _APP:
            name = "-".join(re.findall(r"[^/:]+", path_pattern(page.route))) or "index"
        owned = page.own(root)
        content, *metadata = owned.children
        extension = analytics_extension(
            content, plugin_id=plugin_id, name=name, route_ref=page.route
        )
        owned.children = [extension, *metadata]
        return owned


def _has_own_capture(component: BaseComponent) -> bool:
    """Whether the app's page captures an event of its own when it is shown."""
    if isinstance(component, CaptureOnMount):
        return True
    return isinstance(component, Component) and any(map(_has_own_capture, component.children))


def _with_not_found(root: BaseComponent, page: PageContext) -> BaseComponent:
    hook = {"const analyticsPath = useLocation().pathname": None}
    data = VarData(imports={"react-router": "useLocation"}, hooks=hook)
    path = Var(_js_expr="analyticsPath", _var_type=str, _var_data=data)
    owned = page.own(root)
    owned.children = [capture_on_mount("not-found", path), *owned.children]
    return owned
