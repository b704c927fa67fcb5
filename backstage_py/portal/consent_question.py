"""The question whether a person may be recorded, if the owner wants people to be asked."""

from pathlib import Path

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import use_consent
from backstage_py.portal.components import link
from backstage_py.portal.language import Messages, language

_text = Messages(Path(__file__).with_name("messages"))
_DETAILS = "/settings/privacy"


def consent_question() -> Component:
    """Asks once; both answers are equally easy to give, and it blocks nothing else."""
    consent = use_consent()
    allow, refuse = (
        rx.el.button(
            _text(name),
            type="button",
            class_name="bp-button",
            on_click=consent.choose(is_on=is_on),
        )
        for name, is_on in (("allow", True), ("refuse", False))
    )
    question = rx.el.section(
        rx.el.h2(_text("question"), id="consent-question"),
        rx.el.p(_text("questionText")),
        rx.el.div(allow, refuse, link(_text("more"), to=_DETAILS), class_name="bp-actions"),
        aria_labelledby="consent-question",
        lang=language(),
        class_name="bp-question",
    )
    return rx.cond(consent.is_asked, question)
