"""Walks the compiled pages and says where each capture is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard, TypeVar

from reflex_base.components.component import BaseComponent, Component
from reflex_base.components.memo import MEMOS, MemoComponent, MemoComponentDefinition
from reflex_base.event import EventChain, EventHandler, EventSpec
from reflex_base.vars.base import Var

from backstage_py.analytics.capture.context import (
    AnalyticsContext,
    AnalyticsExtension,
    CaptureOnMount,
    RoutedContent,
)
from backstage_py.analytics.capture.link import AnalyticsLink
from backstage_py.analytics.compile.auto_capture import captures_button, is_captured_link
from backstage_py.analytics.compile.route_table import Route
from backstage_py.analytics.event import DEFAULT_CONTEXT, extension_of
from backstage_py.analytics.inventory.browser_captures import (
    Call,
    children_text,
    describe_call,
    find_calls,
    literal_of,
)
from backstage_py.analytics.inventory.capture import Capture, Kind, Source
from backstage_py.analytics.inventory.handler_captures import find_handler_calls

_Kind = TypeVar("_Kind", bound=BaseComponent)
_OUTSIDE: Mapping[str, str | None] = {key: str(value) for key, value in DEFAULT_CONTEXT.items()}
_USUAL = ("pluginId", "extension", "routeRef")
ANYWHERE = "*"
"""The path of a navigation to an address that no page has."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the tree; None in a context means known only at run time."""

    path: str | None
    context: Mapping[str, str | None]
    keys: tuple[str, ...] = ()

    def within(self, added: Mapping[str, Any]) -> "_Place":
        """The place inside a context."""
        usual = {key: _text(added[key]) for key in _USUAL if key in added}
        others = {key for key in added if key not in _USUAL and not key.startswith("_")}
        return replace(
            self, context={**self.context, **usual}, keys=tuple(sorted({*self.keys, *others}))
        )

    def capture(
        self, source: Source, component: str, call: Call, *, is_conditional: bool = False
    ) -> Capture:
        """A capture that is made here."""
        return Capture(
            source=source,
            action=call.action,
            subject=call.subject,
            plugin_id=self.context["pluginId"],
            extension=self.context["extension"],
            route_ref=self.context["routeRef"],
            path=self.path,
            component=component,
            has_value=call.has_value,
            attributes=call.attributes,
            context_keys=self.keys,
            is_open=call.is_open,
            is_conditional=is_conditional,
        )


def page_captures(path: str, root: BaseComponent) -> list[Capture]:
    """The captures of an instrumented page; `path` is the pattern of its address."""
    return list(_walk(root, _Place(path, _OUTSIDE)))


def frame_captures(components: Iterable[BaseComponent | None]) -> list[Capture]:
    """The captures around all pages."""
    place = _Place(None, _OUTSIDE)
    return [one for each in components if each is not None for one in _walk(each, place)]


def load_captures(path: str, events: Iterable[Any]) -> list[Capture]:
    """The captures of a page's `on_load` handlers, which are outside every context."""
    place = _Place(path, _OUTSIDE)
    return [one for event in events for one in _handler(event, "on_load", place)]


def navigations(routes: Iterable[Route]) -> list[Capture]:
    """The navigates of the routes, and that to an address which no page has."""
    unknown = Call("navigate", None)
    place = _Place(ANYWHERE, _OUTSIDE)
    return [
        *(_navigation(route) for route in routes),
        place.capture("navigation", "NavigationTracker", unknown),
    ]


def measure_captures(*, errors: bool, web_vitals: bool) -> list[Capture]:
    """The captures of `AnalyticsPlugin(errors=True, web_vitals=True)`, on any page."""
    place = _Place(ANYWHERE, dict.fromkeys(_USUAL))
    measured: list[tuple[str, Call]] = []
    if errors:
        texts: dict[str, Kind] = dict.fromkeys(("kind", "component", "source"), "string")
        measured.append(("errors", Call("error", None, attributes=texts)))
    if web_vitals:
        texts = dict.fromkeys(("rating", "navigationType"), "string")
        measured.append(("web_vitals", Call("web-vital", None, has_value=True, attributes=texts)))
    return [
        place.capture("capture", f"AnalyticsPlugin({option}=True)", call)
        for option, call in measured
    ]


def _navigation(route: Route) -> Capture:
    given = {**DEFAULT_CONTEXT, **(route.context or {})}
    if "extensionId" in given:
        given["extension"] = extension_of({"extensionId": given["extensionId"]})
    context = {key: _text(value) for key, value in given.items()}
    if route.held:
        context |= dict.fromkeys(("pluginId", "routeRef"))
    names = [part[1:] for part in route.path.split("/") if part.startswith(":")]
    known = names if route.context is not None else []
    call = Call("navigate", None, attributes=dict.fromkeys(known, "string"))
    return _Place(route.path, context).capture("navigation", "NavigationTracker", call)


def _is(component: BaseComponent, kind: type[_Kind]) -> TypeGuard[_Kind]:
    """As `isinstance`, which asks all subclasses of an abstract class; Reflex makes many."""
    return kind in type(component).__mro__


def _walk(component: BaseComponent, place: _Place) -> Iterator[Capture]:
    if not _is(component, Component):
        return
    yield from _own_captures(component, place)
    inside = _inside(component, place)
    for child in (*component.children, *component._get_components_in_props()):
        yield from _walk(child, inside)
    if _is(component, MemoComponent) and (body := _memo_body(component)) is not None:
        yield from _walk(body, inside)


def _inside(component: Component, place: _Place) -> _Place:
    if _is(component, AnalyticsExtension):
        given = {
            "pluginId": component.plugin_id,
            "extension": component.name,
            "routeRef": component.route_ref,
        }
        return place.within({key: value for key, value in given.items() if value is not None})
    if _is(component, AnalyticsContext):
        attributes = literal_of(component.attributes)
        return place.within(attributes) if isinstance(attributes, Mapping) else place
    if _is(component, RoutedContent) and place.path is not None:
        below = (_text(component.path) or "").rstrip("/")
        return replace(place, path=f"{place.path.rstrip('/')}{below}" or "/")
    return place


def _own_captures(component: Component, place: _Place) -> Iterator[Capture]:
    name = type(component).__name__
    if _is(component, CaptureOnMount):
        call = describe_call(
            component.action, component.subject, component.value, component.attributes
        )
        yield place.capture("mount", name, call)
    if _is(component, AnalyticsLink) or is_captured_link(component):
        yield from _link(component, place)
    for trigger, chain in component.event_triggers.items():
        where = f"{name}.{trigger}"
        for event in chain.events if isinstance(chain, EventChain) else (chain,):
            yield from _event(event, component, where, place)


def _event(event: Any, component: Component, where: str, place: _Place) -> Iterator[Capture]:
    if captures_button(event):
        label = literal_of(component.custom_attrs.get("aria-label"))
        subject = label if isinstance(label, str) else children_text(component, "")
        yield place.capture("button", where, Call("click", subject))
    elif isinstance(event, Var):
        for call in find_calls(event):
            yield place.capture("capture", where, call)
    else:
        yield from _handler(event, where, place)


def _handler(event: Any, where: str, place: _Place) -> Iterator[Capture]:
    if isinstance(event, EventSpec):
        for _, value in event.args:
            for call in find_calls(value):
                yield place.capture("capture", where, call)
    handler = event.handler if isinstance(event, EventSpec) else event
    if not isinstance(handler, EventHandler) or handler.state is None:
        return
    given = event.args if isinstance(event, EventSpec) else ()
    values = {str(name): literal_of(value) for name, value in given}
    known = {name: value for name, value in values.items() if value is not None}
    component = f"{handler.state.__name__}.{handler.fn.__name__} ({where})"
    for found in find_handler_calls(handler.fn, handler.state, known):
        yield place.capture("handler", component, found.call, is_conditional=found.is_conditional)


def _link(component: Component, place: _Place) -> Iterator[Capture]:
    if literal_of(component.custom_attrs.get("data-no-track")):
        return
    text = children_text(component)
    subject = text or (None if text is None else _text(getattr(component, "to", None)))
    call = Call("click", subject, attributes={"to": "string"})
    yield place.capture("link", type(component).__name__, call)


def _memo_body(component: MemoComponent) -> Component | None:
    """The instrumented body of a memo."""
    used = type(component)._memo_definition
    for definition in MEMOS.values():
        if (
            used is not None
            and isinstance(definition, MemoComponentDefinition)
            and definition.export_name == used.export_name
            and definition.source_module == used.source_module
        ):
            return definition.component
    return None


def _text(value: Any) -> str | None:
    literal = literal_of(value)
    return literal if isinstance(literal, str) else None
