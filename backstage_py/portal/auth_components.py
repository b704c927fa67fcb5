"""Signing in and out, as components."""

from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module

_AUTH = browser_module(__file__, "auth.js")


class SignInGate(Component):
    """Shows its children to signed-in users only."""

    library = _AUTH
    tag = "SignInGate"

    is_known: Var[bool] = field(doc="Whether the server has said who it is.")
    user: Var[str] = field(doc="The user's entity ref, empty for nobody.")


class PostForm(Component):
    """A form that the browser submits itself, without Reflex's events."""

    library = _AUTH
    tag = "PostForm"

    action: Var[str] = field(doc="Where it is posted to.")


class SignOutForm(Component):
    """A form that signs out, here and at the provider; its child is the button."""

    library = _AUTH
    tag = "SignOutForm"
