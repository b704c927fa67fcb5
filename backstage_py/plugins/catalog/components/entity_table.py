"""The table of the index."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.rows import EntityRow
from backstage_py.portal.components import chip, link, tag_list

_COLUMNS = ("Name", "System", "Owner", "Type", "Lifecycle", "Description", "Tags")


def entity_table(rows: rx.Var[Sequence[EntityRow]]) -> Component:
    """Entities, a row each."""
    head = rx.el.tr(*(rx.el.th(column, scope="col") for column in _COLUMNS))
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head), rx.el.tbody(rx.foreach(rows, _entity_row)), class_name="bp-table"
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Entities",
    )


def _entity_row(row: ObjectVar[EntityRow]) -> Component:
    return rx.el.tr(
        rx.el.td(link(row.title, to=row.path)),
        rx.el.td(entity_chips(row.systems)),
        rx.el.td(entity_chips(row.owners)),
        rx.el.td(row.type),
        rx.el.td(rx.cond(row.lifecycle, chip(row.lifecycle))),
        rx.el.td(rx.el.span(row.description, class_name="bp-clamp"), class_name="bp-text"),
        rx.el.td(tag_list(row.tags)),
    )
