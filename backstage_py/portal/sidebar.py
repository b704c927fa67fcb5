"""The sidebar: navigation, the signed-in user, and the appearance.

On phones it is a bar at the bottom with the first entries and a menu of all.
"""

from collections.abc import Sequence
from itertools import starmap

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.analytics import analytics_link
from backstage_py.portal.auth_components import SignOutForm
from backstage_py.portal.plugin import NavItem
from backstage_py.portal.routes import is_at
from backstage_py.portal.session import SessionState, may
from backstage_py.ui.browser_module import browser_module

_SIDEBAR = browser_module(__file__, "sidebar.js")


class CollapseButton(Component):
    """Narrows the sidebar to its icons; the browser remembers it."""

    library = _SIDEBAR
    tag = "CollapseButton"

    label: Var[str] = field(doc="What a screen reader says.")


class MenuButton(Component):
    """Shows the whole sidebar on a phone, until a page is chosen.

    Its children are the icon that opens and the icon that closes.
    """

    library = _SIDEBAR
    tag = "MenuButton"

    label: Var[str] = field(doc="The text below the icon.")


class PinSwitch(Component):
    """A switch that keeps the sidebar wide."""

    library = _SIDEBAR
    tag = "PinSwitch"

    label: Var[str] = field(doc="The text beside it.")


def sidebar(
    items: tuple[NavItem, ...],
    *,
    above_nav: Sequence[Component],
    below_nav: Sequence[Component] = (),
    title: str,
    may_sign_out: bool,
) -> Component:
    """The sidebar of the portal."""
    return rx.el.aside(
        rx.el.div(
            analytics_link(
                rx.icon("train-track", size=20, aria_hidden=True),
                rx.el.span(title, class_name="bp-nav-text"),
                to="/",
                class_name="bp-logo",
            ),
            CollapseButton.create(rx.icon("panel-left", size=18), label="Collapse the sidebar"),
            class_name="bp-sidebar-top",
        ),
        *above_nav,
        rx.el.nav(*_sections(items), aria_label="Main", class_name="bp-nav"),
        rx.el.div(
            *below_nav,
            _theme_menu(),
            _profile(may_sign_out=may_sign_out),
            class_name="bp-sidebar-foot",
        ),
        MenuButton.create(
            rx.icon("menu", size=20, aria_hidden=True),
            rx.icon("x", size=20, aria_hidden=True),
            label="Menu",
        ),
        class_name="bp-sidebar",
        id="sidebar",
    )


def _sections(items: tuple[NavItem, ...]) -> list[Component]:
    names = dict.fromkeys(["", *(item.section for item in items)])
    return [_section(name, [item for item in items if item.section == name]) for name in names]


def _section(name: str, items: Sequence[NavItem]) -> Component:
    return rx.el.div(
        *([rx.el.p(name, class_name="bp-nav-heading bp-nav-text")] if name else []),
        *(_entry(item) for item in items),
        class_name="bp-nav-section",
    )


def _entry(item: NavItem) -> Component:
    path = item.route_ref.path
    entry = analytics_link(
        rx.icon(item.icon, size=20, aria_hidden=True),
        rx.el.span(item.text, class_name="bp-nav-text"),
        to=path,
        class_name="bp-nav-item",
        aria_current=rx.cond(is_at(path, exactly=path == "/"), "page", "false"),
        title=item.text,
    )
    return rx.cond(may(item.permission), entry) if item.permission else entry


def _theme_menu() -> Component:
    trigger = rx.el.button(
        rx.icon("sun-moon", size=20, aria_hidden=True),
        rx.el.span("Theme", class_name="bp-nav-text"),
        type="button",
        class_name="bp-nav-item bp-nav-theme",
        aria_label="Theme",
    )
    return rx.menu.root(
        rx.menu.trigger(trigger),
        rx.menu.content(
            *starmap(_theme_choice, THEMES.items()),
            side="top",
        ),
    )


THEMES: dict[str, LiteralColorMode] = {"Light": "light", "Dark": "dark", "Auto": "system"}


def _theme_choice(text: str, mode: LiteralColorMode) -> Component:
    chosen = rx.icon("check", size=16, aria_label="chosen")
    return rx.menu.item(text, rx.cond(color_mode == mode, chosen), on_select=set_color_mode(mode))


def _profile(*, may_sign_out: bool) -> Component:
    return rx.el.div(
        rx.el.span(rx.icon("circle-user-round", size=20, aria_hidden=True), class_name="bp-avatar"),
        rx.el.span(
            rx.cond(SessionState.is_known, SessionState.display_name, ""), class_name="bp-nav-text"
        ),
        _sign_out() if may_sign_out else rx.cond(~SessionState.is_shared, _sign_out()),
        class_name="bp-profile",
        title=SessionState.user,
    )


def _sign_out() -> Component:
    button = rx.el.button(
        rx.icon("log-out", size=18),
        type="submit",
        aria_label="Sign out",
        class_name="bp-icon-button",
    )
    return SignOutForm.create(button)
