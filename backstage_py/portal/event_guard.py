"""The guard of state events: a handler runs only if the sender may call it.

Every handler declares who may call it, with `@access` on its class or on itself. Handlers without a
declaration are refused, as is Reflex's `setvar`, which no page of the portal uses.
"""

import inspect
import logging
from collections.abc import Callable, Generator
from typing import Any

import reflex as rx
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event, EventHandler, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from backstage_py.analytics import CONTEXT_ARGUMENT, PUBLIC, Access, Check, Refusal, find_access
from backstage_py.portal.session import SessionState

_logger = logging.getLogger(__name__)

_SETTER = "setvar"
_REFLEX = "reflex."


def list_handlers() -> Generator[tuple[type[BaseState], str, EventHandler]]:
    """List every handler reachable by websocket, with its state and its full name."""
    for name, registered in sorted(RegistrationContext.get().event_handlers.items()):
        if registered.states:
            yield registered.states[0], name, registered.handler


def find_rule(state: type[BaseState], handler: EventHandler) -> Access | None:
    """The declared access to a handler; None if nothing declares it.

    Reflex's own handlers, which set a tab up and load its pages, are public: what they load are
    handlers again.
    """
    function = getattr(handler.fn, "func", handler.fn)
    if function.__name__ == _SETTER:
        return None
    if state.__module__.startswith(_REFLEX):
        return PUBLIC
    return find_access(function, state)


class EventGuard(Middleware):
    """Refuses events before their handlers run, and clears tabs that change hands.

    Args:
        identify: Returns the user who sent the headers; None for anonymous.
        check: Checks whether the sender may call something.
    """

    def __init__(self, identify: Callable[[Any], str | None], check: Check) -> None:
        self._identify = identify
        self._check = check

    async def preprocess(
        self,
        app: App,  # ruff: ignore[unused-method-argument]
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Return the update that shows the refusal, or None to let the event pass."""
        registered = RegistrationContext.get().event_handlers.get(event.name)
        if registered is None or not registered.states:
            return StateUpdate()
        headers = (EventContext.get().router_data or event.router_data or {}).get("headers", {})
        session = await state.get_state(SessionState)
        await session._keep_to(self._identify(headers) or "")  # ruff: ignore[private-member-access]
        handler = registered.handler
        rule = find_rule(registered.states[0], handler)
        if rule is None:
            _logger.warning("The event %s is refused: it declares no access", event.name)
            return StateUpdate()
        if refusal := self._check(headers, rule):
            return StateUpdate(events=_show(refusal))
        if problem := find_payload_problem(handler, event.payload):
            _logger.warning("The event %s is refused: %s", event.name, problem)
            return StateUpdate()
        return None


def find_payload_problem(handler: EventHandler, payload: dict[str, Any]) -> str | None:
    """The problem with the names of an event's arguments, or None."""
    given = {name: value for name, value in payload.items() if name != CONTEXT_ARGUMENT}
    try:
        inspect.signature(handler.fn).bind(None, **given)
    except TypeError as error:
        return str(error)
    return None


def _show(refusal: Refusal) -> list[Event]:
    """Tell the person; anonymous ones are sent to the sign-in page instead."""
    shown: EventSpec | Any = (
        rx.toast.error(refusal.message) if refusal.permission else SessionState.load
    )
    return Event.from_event_type(shown)
