"""The table of the index: for each kind the columns that say something of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.components.star_button import star_button
from backstage_py.plugins.catalog.reader import OrderField
from backstage_py.plugins.catalog.rows import EntityRow
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.portal.components import chip, link, sort_header, tag_list


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, and the kinds that it is left out for; `order` is what it can be ordered by."""

    title: str
    order: OrderField | None = None
    without: Sequence[str] = ()
    only: Sequence[str] = ()


_PEOPLE = ("user", "group")
_BROAD = ("domain", "system")

_COLUMNS = (
    _Column("Name", "title"),
    _Column("System", "system", without=(*_PEOPLE, *_BROAD, "template", "location")),
    _Column("Owner", "owner", without=(*_PEOPLE, "template", "location")),
    _Column("Type", "type", without=("user", *_BROAD)),
    _Column(
        "Lifecycle", "lifecycle", without=(*_PEOPLE, *_BROAD, "template", "location", "resource")
    ),
    _Column("Namespace", "namespace"),
    _Column("Targets", only=("location",)),
    _Column("Description", "description", without=("location",)),
    _Column("Tags", without=("location",)),
)


def entity_table(rows: rx.Var[Sequence[EntityRow]]) -> Component:
    """Entities, a row each."""
    head = rx.el.tr(*map(_head, _COLUMNS), rx.el.th(rx.el.span("Actions", class_name="bp-hidden")))
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(rows, _entity_row)),
            class_name="bp-table bp-entities bp-with-actions",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Entities",
    )


def _is_shown(column: _Column) -> rx.Var[bool]:
    kind = CatalogIndexState.kind.lower()
    if column.title == "Namespace":
        return CatalogIndexState.has_namespaces
    if column.title == "Type":
        return (CatalogIndexState.type == "") & ~rx.Var.create(list(column.without)).contains(kind)  # ruff: ignore[compare-to-empty-string]
    if column.only:
        return rx.Var.create(list(column.only)).contains(kind)
    return ~rx.Var.create(list(column.without)).contains(kind)


def _head(column: _Column) -> Component:
    if column.order is None:
        return rx.cond(_is_shown(column), rx.el.th(column.title, scope="col"))
    head = sort_header(
        column.title,
        is_chosen=CatalogIndexState.order == column.order,
        is_descending=CatalogIndexState.is_descending,
        on_click=CatalogIndexState.sort(column.order),
    )
    return rx.cond(_is_shown(column), head)


def _entity_row(row: ObjectVar[EntityRow]) -> Component:
    cells = (
        rx.el.td(link(row.title, to=row.path)),
        rx.el.td(entity_chips(row.systems)),
        rx.el.td(entity_chips(row.owners)),
        rx.el.td(row.type),
        rx.el.td(rx.cond(row.lifecycle, chip(row.lifecycle))),
        rx.el.td(row.namespace),
        rx.el.td(row.targets, class_name="bp-text"),
        rx.el.td(rx.el.span(row.description, class_name="bp-clamp"), class_name="bp-text"),
        rx.el.td(tag_list(row.tags)),
    )
    shown = (rx.cond(_is_shown(column), cell) for column, cell in zip(_COLUMNS, cells, strict=True))
    return rx.el.tr(*shown, _actions(row), key=row.ref)


def _actions(row: ObjectVar[EntityRow]) -> Component:
    return rx.el.td(
        rx.el.span(
            rx.cond(row.view_url, _icon_link(row, "eye", "View ", row.view_url)),
            rx.cond(row.edit_url, _icon_link(row, "pencil", "Edit ", row.edit_url)),
            star_button(
                row.title,
                is_starred=row.is_starred,
                on_click=CatalogIndexState.star(row.ref),
            ),
            class_name="bp-row-actions",
        )
    )


def _icon_link(row: ObjectVar[EntityRow], icon: str, verb: str, to: rx.Var[str]) -> Component:
    return link(
        rx.icon(icon, size=18, aria_hidden=True),
        to=to,
        class_name="bp-icon-button",
        aria_label=f"{verb}{row.title}",
        no_track=True,
    )
