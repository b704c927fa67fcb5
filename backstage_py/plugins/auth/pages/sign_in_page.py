"""The sign-in page: a button for each provider, and the reason of the last failure."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.auth.components.sign_in import AutomaticSignIn, GuestForm, SignInLink
from backstage_py.plugins.auth.errors import Reason
from backstage_py.plugins.auth.providers.registry import TITLES
from backstage_py.plugins.auth.service import get_sign_in
from backstage_py.plugins.auth.state.sign_in_state import SignInState
from backstage_py.plugins.auth.texts import text
from backstage_py.portal.language import language

_EXAMPLE = """\
auth:
  environment: production
  providers:
    oidc:
      production:
        metadataUrl: https://id.example.com/.well-known/openid-configuration
        clientId: portal
        clientSecret: ${OIDC_SECRET}
        signIn:
          resolvers:
            - resolver: emailMatchingUserEntityProfileEmail"""


def sign_in_page(*, title: str) -> Component:
    """The page for everybody who is not signed in.

    Args:
        title: The portal's name.
    """
    service = get_sign_in()
    ids = sorted(service.settings.providers, key="guest".__eq__)
    is_seen_by_proxy = len(ids) == 1 and ids[0] in service.providers.proxies
    heading = text("signInTo", title=title)
    return rx.el.main(
        rx.el.title(heading),
        rx.el.div(
            rx.el.img(src="/favicon.svg", alt="", width="48", height="48"),
            rx.el.h1(heading),
            _problem(),
            _by_itself(ids[0]) if is_seen_by_proxy else _ways(ids),
            class_name="bp-auth-card",
        ),
        lang=language(),
        class_name="bp-outside bp-auth-page",
        on_mount=SignInState.load,
    )


def _ways(ids: Sequence[str]) -> Component:
    if not ids:
        return _nothing()
    buttons = [_guest() if id_ == "guest" else _provider(id_) for id_ in ids]
    return rx.el.div(*buttons, class_name="bp-auth-ways")


def _by_itself(id_: str) -> Component:
    """Behind a proxy no click is needed; a failure is shown and not retried automatically."""
    entering = rx.fragment(
        rx.el.p(text("entering"), class_name="bp-muted", role="status"),
        AutomaticSignIn.create(provider=id_),
    )
    return rx.cond(SignInState.is_loaded, rx.cond(SignInState.reason, _ways([id_]), entering))


def _provider(id_: str) -> Component:
    return SignInLink.create(
        text("signInWith", provider=TITLES[id_]),
        provider=id_,
        class_name="bp-button bp-primary",
    )


def _guest() -> Component:
    return rx.fragment(
        GuestForm.create(rx.el.button(text("guest"), type="submit", class_name="bp-button")),
        rx.el.p(text("guestHint"), class_name="bp-hint"),
    )


def _problem() -> Component:
    reasons = rx.match(
        SignInState.reason,
        *((one.value, text(one.value, detail=SignInState.detail)) for one in Reason),
        "",
    )
    shown = rx.el.div(
        rx.icon("circle-alert", size=18, aria_hidden=True),
        rx.el.div(rx.el.strong(text("failed")), rx.el.p(reasons)),
        role="alert",
        class_name="bp-auth-problem",
    )
    return rx.cond(SignInState.reason, shown)


def _nothing() -> Component:
    return rx.el.section(
        rx.el.h2(text("nothing")),
        rx.el.p(text("nothingHint")),
        rx.el.pre(_EXAMPLE, class_name="bp-auth-example", tab_index=0),
        rx.el.p(text("nothingMore"), class_name="bp-hint"),
    )
