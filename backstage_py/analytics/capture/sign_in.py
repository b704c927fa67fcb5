"""Signing in and out, as events of the sign-in page.

Source of the behaviour: `SignInPage` of `@backstage/core-components` 0.18.16.
"""

from typing import Any

from reflex.vars import FunctionVar, Var, VarData
from reflex_base.components.component import Component, field
from reflex_base.vars.function import ArgsFunctionOperation

from backstage_py.analytics.browser.modules import SIGN_IN_MODULE

_CAPTURE = "captureSignOut"
_DATA = VarData(imports={SIGN_IN_MODULE: _CAPTURE})


class SignInCapture(Component):
    """Captures `signIn` when there is a user; shows nothing."""

    library = SIGN_IN_MODULE
    tag = "SignInCapture"

    user: Var[str] = field(doc="The user's entity ref, or an empty text.")


def capture_sign_in(user: str | Var[str]) -> Component:
    """Capture `signIn` once per page load, as soon as someone is signed in.

    Place it beside the content that the sign-in page protects, not inside it. In the current
    dialect, page tracking starts at that moment.

    Args:
        user: The user's entity ref, empty while nobody is signed in.
    """
    return SignInCapture.create(user=user)


def capture_sign_out() -> Any:
    """Return an event handler that captures `signOut`, for the control that signs out."""
    call = Var(_js_expr=_CAPTURE, _var_data=_DATA).to(FunctionVar).call()
    return ArgsFunctionOperation.create((), call)
