"""The app frame: the sidebar stays while pages change beside it."""

from collections.abc import Callable, Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.portal.auth_components import SignInGate
from backstage_py.portal.consent_question import consent_question
from backstage_py.portal.error_pages import error_boundary
from backstage_py.portal.plugin import NavItem
from backstage_py.portal.session import SessionState
from backstage_py.portal.sidebar import sidebar

AppWraps = dict[tuple[int, str], Callable[[bool], Component | None]]


def shell_wraps(
    nav_items: tuple[NavItem, ...],
    *,
    above_nav: Sequence[Component] = (),
    below_nav: Sequence[Component] = (),
    title: str,
    sign_in: Component | None,
) -> AppWraps:
    """The frame as Reflex's app wraps, from the outside to the inside.

    Args:
        nav_items: The entries of the sidebar.
        above_nav: Components above them.
        below_nav: Components below them.
        title: The portal's name.
        sign_in: The page for everybody who is not signed in; None if guests enter without it.
    """
    frame = rx.el.div(
        _skip_link(),
        sidebar(
            nav_items,
            above_nav=above_nav,
            below_nav=below_nav,
            title=title,
            may_sign_out=sign_in is not None,
        ),
        consent_question(),
        class_name="bp-frame",
        on_mount=SessionState.load,
    )
    wraps: AppWraps = {
        (12, "PortalFrame"): lambda _: frame,
        (11, "PortalMain"): lambda _: rx.el.main(id="content", class_name="bp-main", tab_index=-1),
        (10, "PortalErrors"): lambda _: error_boundary(),
    }
    if sign_in is not None:
        wraps[14, "PortalSignIn"] = lambda _: _sign_in_beside(sign_in)
        wraps[13, "PortalGate"] = lambda _: _gate()
    return wraps


def _skip_link() -> Component:
    """Moves the focus past the sidebar; the address stays, so this is not a navigation."""
    skip = rx.el.a(
        "Skip to the content",
        href="#content",
        class_name="bp-skip",
        on_click=rx.set_focus("content").prevent_default,
    )
    return rx.el.nav(skip, aria_label="Skip", class_name="bp-skips")


def _sign_in_beside(sign_in: Component) -> Component:
    """The sign-in page, until somebody is signed in; the gate follows as the next wrap."""
    shown = rx.cond(SessionState.user, rx.fragment(), sign_in)
    return rx.fragment(rx.cond(SessionState.is_known, shown), on_mount=SessionState.load)


def _gate() -> Component:
    return SignInGate.create(is_known=SessionState.is_known, user=SessionState.user)
