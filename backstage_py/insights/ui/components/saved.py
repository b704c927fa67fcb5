"""The saved questions, and the form that saves another one."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.saved import MAX_NAME, SavedQuestion
from backstage_py.insights.ui.state.saved_state import SavedState
from backstage_py.ui.components import link


def saved_questions() -> Component:
    """The user's saved questions: each is a link that can be shared."""
    kept = rx.el.div(
        rx.el.span("Saved", class_name="bp-insights-chosen-title"),
        rx.el.ul(rx.foreach(SavedState.questions, _question)),
        class_name="bp-insights-chosen-list",
    )
    form = rx.el.form(
        rx.el.label(
            "Name",
            rx.el.input(name="name", max_length=MAX_NAME, required=True, auto_complete="off"),
        ),
        rx.el.button(
            rx.icon("bookmark", size=16, aria_hidden=True),
            "Save this question",
            type="submit",
            class_name="bp-button",
        ),
        on_submit=SavedState.save,
        reset_on_submit=True,
        class_name="bp-filters",
    )
    problem = rx.cond(
        SavedState.problem,
        rx.el.p(SavedState.problem, class_name="bp-warning bp-insights-tile-problem"),
    )
    return rx.el.div(
        rx.cond(SavedState.questions, kept),
        form,
        rx.el.div(problem, role="status"),
        class_name="bp-insights-builder bp-insights-saved",
        on_mount=SavedState.load,
    )


def _question(question: ObjectVar[SavedQuestion]) -> Component:
    return rx.el.li(
        link(question.name, to=question.address),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden=True),
            type="button",
            aria_label=f"Remove {question.name}",
            class_name="bp-insights-chip-remove",
            on_click=SavedState.remove(question.name),
        ),
        class_name="bp-insights-chosen",
        key=question.name,
    )
