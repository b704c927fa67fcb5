"""The table of an event's attributes or of its context."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.ui.entries import Entry


def entries_table(title: str | rx.Var[str], entries: rx.Var[list[Entry]]) -> Component:
    """A row for each entry; nothing without entries."""
    table = rx.el.table(
        rx.el.caption(title),
        rx.el.tbody(rx.foreach(entries, _entry)),
        class_name="bp-entries",
    )
    return rx.cond(entries, table)


def _entry(entry: ObjectVar[Entry]) -> Component:
    return rx.el.tr(rx.el.th(entry.key, scope="row"), rx.el.td(rx.el.code(entry.value)))
