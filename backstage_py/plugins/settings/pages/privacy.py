"""What is recorded about the person, and their choice."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import use_consent
from backstage_py.plugins.settings.components.own_events import own_events
from backstage_py.plugins.settings.components.switch import switch
from backstage_py.plugins.settings.rows import RetentionRow, ToolRow
from backstage_py.plugins.settings.state.privacy_state import PrivacyState
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.components import info_card
from backstage_py.portal.plugin import PageCard

_WHAT = ("whatPages", "whatClicks", "whatSearches", "whatTemplates", "whatAround")


def privacy(_cards: Sequence[PageCard]) -> Component:
    """The switch, what is recorded and why, and the person's own events."""
    return rx.el.div(
        rx.el.div(_recording(), _what(), class_name="bp-grid"),
        own_events(),
        class_name="bp-settings-content-stack",
        on_mount=PrivacyState.look,
    )


def _recording() -> Component:
    consent = use_consent()
    state = rx.cond(consent.is_on, text("isRecorded"), text("isNotRecorded"))
    return info_card(
        text("recording"),
        rx.el.p(
            rx.cond(
                consent.is_on,
                rx.icon("circle-dot", size=18, aria_hidden=True),
                rx.icon("circle-slash", size=18, aria_hidden=True),
            ),
            rx.el.strong(state),
            role="status",
            class_name="bp-settings-recording",
            data_on=rx.cond(consent.is_on, "true", "false"),
        ),
        rx.el.p(_reason(), class_name="bp-muted"),
        switch(
            text("recordMe"), is_on=consent.is_on, on_click=consent.choose(is_on=~consent.is_on)
        ),
        rx.el.p(
            rx.cond(PrivacyState.has_account, text("holdsEverywhere"), text("holdsHere")),
            class_name="bp-hint",
        ),
        class_name="bp-card bp-stack",
    )


def _reason() -> Component | rx.Var[str]:
    consent = use_consent()
    unsaid = rx.cond(
        consent.has_signal,
        text("becauseSignal"),
        rx.cond(consent.is_asked, text("becauseAsked"), text("becauseAssumed")),
    )
    return rx.match(
        consent.choice,
        ("off", text("becauseOff")),
        ("on", rx.cond(consent.is_on, text("becauseOn"), text("becauseSignal"))),
        ("regardless", text("becauseRegardless")),
        unsaid,
    )


def _what() -> Component:
    return info_card(
        text("whatTitle"),
        rx.el.ul(*(rx.el.li(text(key)) for key in _WHAT), class_name="bp-settings-bullets"),
        rx.el.p(text("whatNot")),
        rx.el.dl(
            _answer("whyTitle", text("why")),
            _answer(
                "toolsTitle",
                rx.cond(
                    PrivacyState.tools,
                    rx.el.ul(rx.foreach(PrivacyState.tools, _tool)),
                    text("noTools"),
                ),
            ),
            _answer(
                "retentionTitle",
                rx.cond(
                    PrivacyState.retention,
                    rx.el.ul(rx.foreach(PrivacyState.retention, _retention)),
                    text("keptForever"),
                ),
            ),
            class_name="bp-settings-answers",
        ),
        class_name="bp-card bp-stack",
    )


def _answer(title: str, answer: Any) -> Component:
    return rx.el.div(rx.el.dt(text(title)), rx.el.dd(answer))


def _tool(tool: ObjectVar[ToolRow]) -> Component:
    told = rx.cond(tool.is_told_user, text("toldUser"), text("notToldUser"))
    return rx.el.li(rx.el.strong(tool.name), " ", told)


def _retention(rule: ObjectVar[RetentionRow]) -> Component:
    return rx.el.li(
        rx.cond(rule.action, rx.el.code(rule.action), text("keptOthers")), ": ", rule.age
    )
