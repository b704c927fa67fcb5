"""A small form that asks people what they think: its answers are events."""

from typing import Any, Literal

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.vars.base import Var
from reflex_base.vars.function import FunctionStringVar

from backstage_py.analytics.capture.tracker import use_analytics

ACTION = "feedback"
MAX_COMMENT = 1_000
_POINTS = ("1", "2", "3", "4", "5")
_ROW = {"display": "flex", "flexWrap": "wrap", "alignItems": "center", "gap": "8px 14px"}
_CHOICE = {"display": "inline-flex", "alignItems": "center", "gap": "6px", "cursor": "pointer"}
_NUMBER = FunctionStringVar.create("Number")


def analytics_feedback(
    subject: str | Var[str],
    *,
    question: str = "Was this helpful?",
    scale: Literal["thumbs", "points"] = "thumbs",
    placeholder: str = "What could be better? (optional)",
    thanks: str = "Thank you for your feedback.",
    **props: Any,
) -> Component:
    """A form with thumbs or five points and a text.

    An answer is an event `feedback`: its value is 1 or 0 for thumbs, 1 to 5 for points. Its
    attributes are `scale` and, if somebody wrote one, `comment`. Insights shows the answers, and
    what people had just done (docs/insights.md).

    Args:
        subject: What the feedback is about, as the subject of the event.
        question: The question.
        scale: `thumbs` or `points`.
        placeholder: What the empty text field says.
        thanks: The message after an answer.
        props: As for `rx.el.form`.

    Raises:
        ValueError: If the scale is neither.
    """
    if scale not in {"thumbs", "points"}:
        raise ValueError(f"scale is {scale!r}: use thumbs or points")
    choices = _thumbs() if scale == "thumbs" else [_choice(one, one) for one in _POINTS]

    def capture(filled: Var[Any]) -> list[Any]:
        form = filled.to(dict[str, str])
        answer = use_analytics().capture_event(
            ACTION,
            subject,
            value=_NUMBER.call(form["answer"]).to(float),
            attributes={"scale": scale, "comment": rx.cond(form["comment"], form["comment"], None)},
        )
        return [answer, rx.toast.success(thanks)]

    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend(question, style={"padding": "0", "marginBottom": "6px"}),
            rx.el.div(*choices, style=_ROW),
            style={"border": "0", "padding": "0", "margin": "0"},
        ),
        rx.el.textarea(
            name="comment",
            aria_label=placeholder,
            placeholder=placeholder,
            max_length=MAX_COMMENT,
            rows=2,
            style={"width": "100%", "maxWidth": "480px"},
        ),
        rx.el.button("Send", type="submit"),
        on_submit=capture,
        reset_on_submit=True,
        **{
            "style": {
                "display": "flex",
                "flexDirection": "column",
                "alignItems": "flex-start",
                "gap": "8px",
            },
            **props,
        },
    )


def _thumbs() -> list[Component]:
    return [
        _choice("1", rx.icon("thumbs-up", size=18, aria_hidden=True), "Yes"),
        _choice("0", rx.icon("thumbs-down", size=18, aria_hidden=True), "No"),
    ]


def _choice(value: str, *label: Any) -> Component:
    radio = rx.el.input(type="radio", name="answer", value=value, required=True)
    return rx.el.label(radio, *label, style=_CHOICE)
