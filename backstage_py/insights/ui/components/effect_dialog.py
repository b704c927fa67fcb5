"""The headline numbers before and after an annotation, in a dialog."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.state.effect_state import EffectRow, EffectState
from backstage_py.ui.components import skeleton_rows

_HEADS = ("Number", "Before", "After", "Change", "")


def effect_dialog() -> Component:
    """It opens when somebody chooses an annotation."""
    close = rx.dialog.close(
        rx.el.button(
            rx.icon("x", size=18), type="button", aria_label="Close", class_name="bp-icon-button"
        )
    )
    content = rx.dialog.content(
        rx.el.div(rx.dialog.title(EffectState.title), close, class_name="bp-insights-behind-head"),
        rx.dialog.description(
            rx.cond(EffectState.says, EffectState.says, "Before and after"), class_name="bp-muted"
        ),
        rx.cond(EffectState.is_loaded, _numbers(), skeleton_rows(6)),
        class_name="bp-dialog bp-insights-behind",
    )
    return rx.dialog.root(content, open=EffectState.is_open, on_open_change=EffectState.toggle)


def _numbers() -> Component:
    heads = [
        rx.el.th(head, scope="col", class_name="bp-number" if head in _HEADS[1:4] else "")
        for head in _HEADS
    ]
    table = rx.el.div(
        rx.el.table(
            rx.el.caption("Before and after", class_name="bp-visually-hidden"),
            rx.el.thead(rx.el.tr(*heads)),
            rx.el.tbody(rx.foreach(EffectState.rows, _row)),
            class_name="bp-table bp-insights-answer",
        ),
        class_name="bp-scroll",
    )
    problem = rx.el.p(
        EffectState.problem, role="alert", class_name="bp-warning bp-insights-tile-problem"
    )
    return rx.cond(EffectState.problem, problem, table)


def _row(row: ObjectVar[EffectRow]) -> Component:
    return rx.el.tr(
        rx.el.th(row.name, scope="row", class_name="bp-insights-row-name"),
        rx.el.td(row.before, class_name="bp-number"),
        rx.el.td(row.after, class_name="bp-number"),
        rx.el.td(row.change, class_name="bp-number"),
        rx.el.td(row.verdict, class_name=rx.cond(row.is_noise, "bp-muted", "")),
        key=row.name,
    )
