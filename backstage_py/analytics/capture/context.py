"""The analytics context and the extensions of plugins, as Reflex components.

Source of the behaviour: `AnalyticsContext` and `createReactExtension` of
`@backstage/core-plugin-api` 1.12.10.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex_base.compiler.templates import _RenderUtils
from reflex_base.components.component import BaseComponent, Component, field
from reflex_base.utils.imports import ImportDict
from reflex_base.vars.base import Var

from backstage_py.analytics.browser.modules import CONTENT_MODULE, CONTEXT_MODULE, MOUNT_MODULE
from backstage_py.analytics.capture.tracker import TRACKER_NAME

PAGE_KIND = "page"
"""The kind of an extension that is a whole page."""


class TrackerBoundary(Component):
    """A component whose children are a function of the tracker below it.

    In a loop Reflex lifts hooks above the loop. The function's parameter has the name of the lifted
    tracker and shadows it, so that each item has its own context.
    """

    library = CONTEXT_MODULE

    def add_imports(self) -> ImportDict:
        """The element that holds the children."""
        return {"react": ["Fragment"]}

    def render(self) -> dict[str, Any]:
        """Render the children as a function of the tracker."""
        # Reflex has no public way to give children as a function, so its own renderer writes
        # them and they go in as one expression. Were they plain children, hooks lifted out of
        # a loop would read the context around the loop instead of the item's.
        rendered = dict(super().render())
        children = ",".join(_RenderUtils.render(child) for child in rendered["children"] if child)
        rendered["children"] = [{"contents": f"({TRACKER_NAME}=>jsx(Fragment,{{}},{children}))"}]
        return rendered


class AnalyticsContext(TrackerBoundary):
    """Adds `attributes` to the context of every event captured below it."""

    tag = "AnalyticsContext"

    attributes: Var[dict[str, Any]] = field(doc="Flat: strings, numbers and booleans.")


class AnalyticsExtension(TrackerBoundary):
    """A plugin's extension; with a route ref it is a routable one, that is a page."""

    tag = "AnalyticsExtension"

    plugin_id: Var[str] = field(doc="The id of the plugin that brings the extension.")

    name: Var[str] = field(doc="The extension's name, unique in its plugin.")

    route_ref: Var[str] = field(doc="The id of the route ref it is mounted at.")

    kind: Var[str] = field(doc="The kind, such as `page`; part of the id in the current dialect.")


class RoutedContent(Component):
    """Content that others place below a page's own path, such as the tabs of an entity page."""

    library = CONTENT_MODULE
    tag = "RoutedContent"

    path: Var[str] = field(doc="The path below the page's own, `/` for the page's own.")


class CaptureOnMount(Component):
    """Captures one event each time it appears on screen."""

    library = MOUNT_MODULE
    tag = "CaptureOnMount"

    action: Var[str]
    subject: Var[str]
    value: Var[float]
    attributes: Var[dict[str, Any]]


def analytics_context(
    *children: rx.Component | Var[Any] | str, attributes: Mapping[str, Any]
) -> Component:
    """Wrap `children` in a context that adds `attributes` to the enclosing ones.

    Args:
        children: The components below the context.
        attributes: Flat values, which may be Vars; keys that begin with `_` stay
            inside the browser.
    """
    return AnalyticsContext.create(*children, attributes=dict(attributes))


def analytics_extension(
    *children: BaseComponent | str,
    plugin_id: str,
    name: str | None = None,
    route_ref: str | None = None,
    kind: str | None = None,
) -> Component:
    """Mark `children` as the extension `name` of a plugin.

    Args:
        children: The content of the extension.
        plugin_id: The plugin that brings it.
        name: Its name, such as `CatalogIndexPage`.
        route_ref: The id of the route ref it is mounted at, if it is a page.
        kind: The kind, such as `entity-card`: part of its id in the current dialect. By default
            `page` for an extension with a route ref, none for others.
    """
    given = {
        "name": name,
        "route_ref": route_ref,
        "kind": kind or (PAGE_KIND if route_ref is not None else None),
    }
    props = {prop: value for prop, value in given.items() if value is not None}
    return AnalyticsExtension.create(*children, plugin_id=plugin_id, **props)


def routed_content(path: str, *children: rx.Component | str) -> Component:
    """Show `children` on `path` below the page's own path only."""
    return RoutedContent.create(*children, path=path)


def capture_on_mount(
    action: str | Var[str],
    subject: str | Var[str],
    *,
    value: float | Var[Any] | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Component:
    """Capture one event each time this place appears on screen."""
    given = {"value": value, "attributes": attributes}
    return CaptureOnMount.create(
        action=action,
        subject=subject,
        **{name: given for name, given in given.items() if given is not None},
    )
