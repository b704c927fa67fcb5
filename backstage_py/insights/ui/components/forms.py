"""The forms of the funnel builder and the explorer."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.builder import MEASURES, OPERATORS
from backstage_py.insights.ui.form_rows import Chosen
from backstage_py.insights.ui.state.builder_state import ExplorerState, FunnelState
from backstage_py.insights.ui.state.page_state import InsightsState

ACTIONS = ("navigate", "click", "search", "discover", "create", "completed", "not-found")
ORIGINS = ("agent", "browser", "server")
"""The values of the field `origin`."""
DAYS = {"1": "1 day", "7": "7 days", "30": "30 days"}
PERCENTILES = {str(one): f"{one}th" for one in (50, 75, 90, 95, 99)}
BY = {"user": "People", "session": "Visits"}


def funnel_form() -> Component:
    """The steps, and the next one."""
    form = InsightsState.form
    return rx.el.div(
        _chosen("Steps", form.steps, FunnelState.remove_step, is_ordered=True),
        rx.el.form(
            _text("Next step: action", "action", "funnel-actions", ACTIONS, required=True),
            *condition_fields("funnel-fields"),
            _submit("Add the step"),
            on_submit=FunnelState.add_step,
            reset_on_submit=True,
            class_name="bp-filters",
        ),
        rx.el.div(
            _select("Count", "by", BY, form.by, FunnelState.choose_by),
            _select("Within", "within", DAYS, form.days, FunnelState.choose_days),
            class_name="bp-filters",
        ),
        problem_text(FunnelState.problem),
        class_name="bp-insights-builder",
    )


def explorer_form() -> Component:
    """The measure, its breakdown and its filters."""
    form = InsightsState.form
    percentile = _select(
        "Which percentile",
        "percentile",
        PERCENTILES,
        form.percentile,
        ExplorerState.choose_percentile,
    )
    return rx.el.div(
        rx.el.div(
            _select(
                "Measure",
                "measure",
                {str(one): text for one, text in MEASURES.items()},
                form.measure,
                ExplorerState.choose_measure,
            ),
            rx.cond(form.measure == "percentile", percentile),
            _select(
                "Show",
                "over",
                {"": "Total", "time": "Over time"},
                form.over,
                ExplorerState.choose_over,
            ),
            class_name="bp-filters",
        ),
        _chosen("By", form.dimensions, ExplorerState.remove_dimension),
        rx.el.form(
            _text("Break down by", "dimension", "explorer-dimensions", InsightsState.fields),
            _submit("Add"),
            on_submit=ExplorerState.add_dimension,
            reset_on_submit=True,
            class_name="bp-filters",
        ),
        _chosen("Only where", form.conditions, ExplorerState.remove_condition),
        rx.el.form(
            *condition_fields("explorer-fields"),
            _submit("Add the filter"),
            on_submit=ExplorerState.add_condition,
            reset_on_submit=True,
            class_name="bp-filters",
        ),
        problem_text(ExplorerState.problem),
        class_name="bp-insights-builder",
    )


def path_form() -> Component:
    """The page that paths begin or end at."""
    return rx.el.div(
        rx.el.label(
            "Page",
            rx.el.input(
                name="path",
                default_value=rx.cond(InsightsState.more["path"], InsightsState.more["path"], "/"),
                key=InsightsState.more["path"],
                on_blur=lambda value: InsightsState.choose_more("path", value),
                class_name="bp-insights-path-input",
            ),
        ),
        _select(
            "Direction",
            "way",
            {"": "What comes next", "before": "What came before"},
            InsightsState.more["way"],
            lambda value: InsightsState.choose_more("way", value),
        ),
        class_name="bp-filters",
    )


def condition_fields(list_id: str) -> list[Component]:
    """The inputs of a condition: a field, a comparison and a value."""
    operators = rx.el.label(
        "Comparison",
        rx.el.select(
            *(rx.el.option(text, value=value) for value, text in OPERATORS.items()),
            name="operator",
        ),
    )
    value = rx.fragment(
        rx.el.label(
            "Value", rx.el.input(name="value", list=f"{list_id}-value", auto_complete="off")
        ),
        rx.el.datalist(
            *(rx.el.option(value=one) for one in ORIGINS),
            rx.foreach(InsightsState.versions, lambda one: rx.el.option(value=one)),
            id=f"{list_id}-value",
        ),
    )
    return [
        _text("Where", "field", list_id, InsightsState.fields),
        operators,
        value,
    ]


def _text(
    title: str,
    name: str,
    list_id: str,
    choices: tuple[str, ...] | rx.Var[Sequence[str]],
    *,
    required: bool = False,
) -> Component:
    """A text field with suggestions; it takes other texts too."""
    return rx.fragment(
        rx.el.label(
            title,
            rx.el.input(
                name=name, list=f"{list_id}-{name}", required=required, auto_complete="off"
            ),
        ),
        rx.el.datalist(
            rx.foreach(choices, lambda one: rx.el.option(value=one)), id=f"{list_id}-{name}"
        ),
    )


def _select(
    title: str, name: str, choices: dict[str, str], chosen: rx.Var[str], on_change: Any
) -> Component:
    return rx.el.label(
        title,
        rx.el.select(
            *(rx.el.option(text, value=value) for value, text in choices.items()),
            name=name,
            value=chosen,
            on_change=on_change,
        ),
    )


def _submit(text: str) -> Component:
    return rx.el.button(
        rx.icon("plus", size=16, aria_hidden=True), text, type="submit", class_name="bp-button"
    )


def _chosen(
    title: str, chosen: rx.Var[list[Chosen]], remove: Any, *, is_ordered: bool = False
) -> Component:
    """The choices so far, each with a button that removes it."""
    listed = rx.el.ol if is_ordered else rx.el.ul

    def item(one: ObjectVar[Chosen]) -> Component:
        value = one.value.to(int) if remove.fn.__name__ != "remove_dimension" else one.value
        return rx.el.li(
            rx.el.span(one.text),
            rx.el.button(
                rx.icon("x", size=14, aria_hidden=True),
                type="button",
                aria_label=f"Remove {one.text}",
                class_name="bp-insights-chip-remove",
                on_click=remove(value),
            ),
            class_name="bp-insights-chosen",
        )

    return rx.cond(
        chosen,
        rx.el.div(
            rx.el.span(title, class_name="bp-insights-chosen-title"),
            listed(rx.foreach(chosen, item)),
            class_name="bp-insights-chosen-list",
        ),
    )


def problem_text(problem: rx.Var[str]) -> Component:
    """The error message of a form."""
    return rx.el.div(
        rx.cond(problem, rx.el.p(problem, class_name="bp-warning bp-insights-tile-problem")),
        role="status",
    )
