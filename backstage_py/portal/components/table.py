"""The table for all plugins: dense rows, columns that hide, two-line cards on phones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex_base.components.component import Component


@dataclass(frozen=True, slots=True)
class Sort:
    """The sort order of a column, and the handler of clicks on its header."""

    is_chosen: rx.Var[bool]
    is_descending: rx.Var[bool]
    on_click: Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    `cell` makes the content of a row's cell. `width` is a CSS width; columns without one share the
    rest. `rank` 1 is the first line of a card on a phone, 2 its second line; 3 is left out there, 4
    wherever the table is narrower than 760 px.
    """

    title: Any
    cell: Callable[[Any], Any]
    width: str = ""
    rank: Literal[1, 2, 3, 4] = 2
    sort: Sort | None = None
    shown_if: rx.Var[bool] | None = None


def data_table(
    columns: Sequence[Column],
    rows: rx.Var[Any],
    *,
    label: Any,
    key: Callable[[Any], Any],
    actions: Callable[[Any], Component] | None = None,
    actions_width: Any = "56px",
) -> Component:
    """Show a row for each of `rows`.

    Args:
        columns: The columns, the one of the name first.
        rows: The rows, a Var of a list.
        label: What a screen reader calls the table.
        key: The unique key of a row.
        actions: Builds the buttons at a row's end.
        actions_width: How wide they are, in CSS.
    """
    end = rx.el.th(rx.el.span("Actions", class_name="bp-hidden"), style={"width": actions_width})
    head = rx.el.tr(*map(_head, columns), end if actions else rx.fragment(), role="row")

    def row(one: Any) -> Component:
        cells = [_cell(column, one) for column in columns]
        if actions:
            cells.append(rx.el.td(actions(one), role="cell", class_name="bp-row-end"))
        return rx.el.tr(*cells, key=key(one), role="row")

    # On phones CSS turns rows into cards; the roles keep it a table for screen readers.
    table = rx.el.table(
        rx.el.thead(head, role="rowgroup"),
        rx.el.tbody(rx.foreach(rows, row), role="rowgroup"),
        role="table",
        class_name="bp-table bp-data",
    )
    return rx.el.div(table, class_name="bp-table-box", tab_index=0, role="region", aria_label=label)


def name_cell(name: Any, summary: Any = None) -> Component:
    """A name with a line about it below."""
    line = rx.fragment()
    if summary is not None:
        line = rx.cond(summary, rx.el.span(summary, title=summary, class_name="bp-summary"))
    return rx.fragment(rx.el.span(name, class_name="bp-name"), line)


def _head(column: Column) -> Component:
    props: dict[str, Any] = {"role": "columnheader", "scope": "col", "data_rank": column.rank}
    if column.width:
        props["style"] = {"width": column.width}
    if column.sort is None:
        head = rx.el.th(column.title, **props)
    else:
        head = rx.el.th(_sort_button(column.title, column.sort), **props, **_order(column.sort))
    return head if column.shown_if is None else rx.cond(column.shown_if, head)


def _order(sort: Sort) -> dict[str, Any]:
    direction = rx.cond(sort.is_descending, "descending", "ascending")
    return {"aria_sort": rx.cond(sort.is_chosen, direction, "none")}


def _sort_button(title: Any, sort: Sort) -> Component:
    arrow = rx.cond(
        sort.is_descending,
        rx.icon("arrow-down", size=14, aria_hidden=True),
        rx.icon("arrow-up", size=14, aria_hidden=True),
    )
    return rx.el.button(
        title,
        rx.cond(sort.is_chosen, arrow),
        type="button",
        class_name="bp-sort",
        on_click=sort.on_click,
    )


def _cell(column: Column, row: Any) -> Component:
    cell = rx.el.td(column.cell(row), role="cell", data_rank=column.rank)
    return cell if column.shown_if is None else rx.cond(column.shown_if, cell)
