"""The ways to sign in, as components."""

from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module

_SIGN_IN = browser_module(__file__, "sign_in.js")


class SignInLink(Component):
    """A link that sends the browser to a provider and, in the end, back to this address."""

    library = _SIGN_IN
    tag = "SignInLink"

    provider: Var[str] = field(doc="The provider's id.")


class GuestForm(Component):
    """A form that signs in the guest and stays at this address; its child is the button."""

    library = _SIGN_IN
    tag = "GuestForm"


class AutomaticSignIn(Component):
    """Sends the browser to a provider as soon as it is shown."""

    library = _SIGN_IN
    tag = "AutomaticSignIn"

    provider: Var[str] = field(doc="The provider's id.")
