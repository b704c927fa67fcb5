"""Instruments the components of a page while the app is compiled.

Links (and buttons, if wanted) capture their clicks, and handlers in Python are
told the context of the component that triggers them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from reflex_base.components.component import BaseComponent, Component
from reflex_base.event import EventChain, EventSpec, no_args_event_spec
from reflex_base.vars import VarData
from reflex_base.vars.base import Var
from reflex_base.vars.function import FunctionVar
from reflex_components_core.el.elements.forms import Button as PlainButton
from reflex_components_core.react_router.dom import ReactRouterLink
from reflex_components_radix.themes.components.button import Button
from reflex_components_radix.themes.components.icon_button import IconButton

from backstage_py.analytics.browser.modules import BUTTON_MODULE, LINK_MODULE
from backstage_py.analytics.capture.server_capture import CONTEXT_ARGUMENT
from backstage_py.analytics.capture.tracker import TRACKER_DATA, TRACKER_NAME, tracker_var

_BUTTON_DATA = VarData(imports={BUTTON_MODULE: "captureButton"})

Own: TypeAlias = Callable[[Any], Any]

CAPTURED_LINK = "CapturedLink"


@dataclass(frozen=True, slots=True)
class AutoCapture:
    """What is captured automatically, without code in the app."""

    links: bool = True
    buttons: bool = False

    def instrument(self, component: BaseComponent, own: Own) -> BaseComponent:
        """`component` with its whole subtree instrumented.

        Args:
            component: Left as it is, since other pages may hold it too.
            own: Returns the copy that may be changed (`PageContext.own`).
        """
        if not isinstance(component, Component):
            return component
        owned = own(component)
        owned.children = [self.instrument(child, own) for child in component.children]
        if component.event_triggers:
            owned.event_triggers = {
                trigger: _with_context(chain) for trigger, chain in component.event_triggers.items()
            }
        if self.links:
            _capture_link(owned)
        if self.buttons and type(component) in {Button, IconButton, PlainButton}:
            _capture_button(owned)
        return owned


def is_captured_link(component: Component) -> bool:
    """Whether the component is a Reflex link that was made to capture."""
    return component.tag == CAPTURED_LINK and component.library == LINK_MODULE


def captures_button(event: Any) -> bool:
    """Whether a trigger's event captures a button's click."""
    return isinstance(event, Var) and _button_capture().equals(event)


def _button_capture() -> FunctionVar[Any]:
    data = VarData.merge(TRACKER_DATA, _BUTTON_DATA)
    return Var(_js_expr=f"captureButton({TRACKER_NAME})", _var_data=data).to(FunctionVar)


def _capture_link(owned: Component) -> None:
    if type(owned) is ReactRouterLink and getattr(owned, "to", None) is not None:
        owned.library, owned.tag, owned.alias = LINK_MODULE, CAPTURED_LINK, None


def _capture_button(owned: Component) -> None:
    chain = owned.event_triggers.get("on_click")
    if chain is None:
        chain = EventChain(events=[], args_spec=no_args_event_spec)
    if isinstance(chain, EventChain) and not any(map(captures_button, chain.events)):
        chain = replace(chain, events=[*chain.events, _button_capture()])
        owned.event_triggers = {**owned.event_triggers, "on_click": chain}


def _with_context(chain: EventChain | Var[Any]) -> EventChain | Var[Any]:
    if not isinstance(chain, EventChain):
        return chain
    return replace(chain, events=[_tell_context(event) for event in chain.events])


def _tell_context(event: Any) -> Any:
    """Pass the context to handlers of states; Reflex's own events stay as they are."""
    if (
        not isinstance(event, EventSpec)
        or event.handler.state is None
        or event.client_handler_name
        or any(str(name) == CONTEXT_ARGUMENT for name, _ in event.args)
    ):
        return event
    context = (Var(_js_expr=CONTEXT_ARGUMENT), tracker_var(".forServer()"))
    return replace(event, args=(*event.args, context))
