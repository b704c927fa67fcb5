"""The tracker: `use_analytics()` and what it captures.

In a component it captures in the browser, in the context of the component's place
in the tree. In an event handler in Python the same call captures on the server, in
the context of the component that triggered the handler.

Source of the behaviour: `useAnalytics` of `@backstage/core-plugin-api` (analytics).
"""

from collections.abc import Mapping
from typing import Any

from reflex.vars import FunctionVar, Var, VarData
from reflex_base.vars.base import LiteralVar
from reflex_base.vars.function import ArgsFunctionOperation

from backstage_py.analytics.browser.modules import CONTEXT_MODULE
from backstage_py.analytics.capture.server_capture import current_server_tracker

TRACKER_NAME = "analyticsTracker"
"""The tracker's name in the compiled JavaScript; an inner context shadows it."""

TRACKER_DATA = VarData(
    hooks={f"const {TRACKER_NAME} = useAnalytics()": None},
    imports={CONTEXT_MODULE: "useAnalytics"},
)


def tracker_var(expression: str = "") -> Var[Any]:
    """The tracker of the nearest context, or `expression` appended to it, as a Var."""
    return Var(_js_expr=TRACKER_NAME + expression, _var_data=TRACKER_DATA)


class Tracker:
    """Captures where it is called: in the browser for a component, else on the server."""

    def capture_event(
        self,
        action: str | Var[str],
        subject: str | Var[str],
        *,
        value: float | Var[Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Any:
        """Capture `action` on `subject`.

        In a component this returns an event handler for any trigger: alone, in a list
        with others, or in a lambda that takes the trigger's arguments. In an event
        handler in Python it captures at once and returns None.

        Args:
            action: A generic verb, such as `deploy` or `filter`. May be a Var in a
                component, as all arguments.
            subject: The thing that the action was done to.
            value: A number that belongs to it, in the unit that the action implies.
            attributes: Further facts: strings, numbers and booleans by name.
        """
        server = current_server_tracker()
        if server is not None:
            return server.capture_event(action, subject, value=value, attributes=attributes)
        details = {
            **({} if value is None else {"value": value}),
            **({} if attributes is None else {"attributes": dict(attributes)}),
        }
        capture = tracker_var(".captureEvent").to(FunctionVar)
        arguments = (action, subject, details) if details else (action, subject)
        call = capture.call(*(LiteralVar.create(argument) for argument in arguments))
        return ArgsFunctionOperation.create((), call)


_TRACKER = Tracker()


def use_analytics() -> Tracker:
    """The tracker for the place where it is called."""
    return _TRACKER
