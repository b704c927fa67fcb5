"""The tab of preview features."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.settings.components.switch import switch
from backstage_py.plugins.settings.rows import FlagRow
from backstage_py.plugins.settings.state.flags_state import FlagsState
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.components import empty_state, info_card, skeleton_rows
from backstage_py.portal.plugin import PageCard


def flags(_cards: Sequence[PageCard]) -> Component:
    """A switch for each flag."""
    nothing = empty_state(text("noFlags"), text("noFlagsHint"), icon="flag")
    return rx.cond(
        FlagsState.is_loaded, rx.cond(FlagsState.rows, _flags(), nothing), skeleton_rows(4)
    )


def _flags() -> Component:
    rows = rx.el.ul(rx.foreach(FlagsState.shown, _flag), class_name="bp-list bp-switches")
    return info_card(
        text("featureFlags"),
        rx.el.p(text("flagsHint"), class_name="bp-hint"),
        rx.cond(FlagsState.is_filtered, _filter()),
        rx.cond(FlagsState.is_broken, rx.el.p(text("broken"), role="alert")),
        rx.cond(FlagsState.shown, rows, rx.el.p(text("noFlagFits"), class_name="bp-muted")),
    )


def _filter() -> Component:
    return rx.el.div(
        rx.el.input(
            type="search",
            aria_label=text("filterFlags"),
            placeholder=text("filterFlags"),
            value=FlagsState.text,
            on_change=FlagsState.filter,
        ),
        class_name="bp-card-tools",
    )


def _flag(flag: ObjectVar[FlagRow]) -> Component:
    return rx.el.li(
        rx.el.div(
            switch(
                rx.el.strong(flag.name), is_on=flag.is_on, on_click=FlagsState.toggle(flag.name)
            ),
            rx.el.p(flag.description, class_name="bp-hint"),
        ),
        rx.el.span(text("ofPlugin", plugin=flag.plugin_id), class_name="bp-muted"),
    )
