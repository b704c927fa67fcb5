"""The table of the index, with columns that suit each kind."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.components.star_button import star_button
from backstage_py.plugins.catalog.reader import OrderField
from backstage_py.plugins.catalog.rows import EntityRow
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.portal.components import (
    Column,
    Sort,
    chip,
    data_table,
    link,
    name_cell,
    tag_list,
)

_PEOPLE = ("user", "group")
_BROAD = ("domain", "system")


def entity_table(rows: rx.Var[Sequence[EntityRow]]) -> Component:
    """The table, with one row per entity."""
    return data_table(
        _columns(),
        rows,
        label="Entities",
        key=lambda row: row.ref,
        actions=_actions,
        actions_width=rx.cond(CatalogIndexState.has_row_links, "112px", "52px"),
    )


def _columns() -> list[Column]:
    state = CatalogIndexState
    is_typed = (state.type == "") & _without("user", *_BROAD)  # ruff: ignore[compare-to-empty-string]
    return [
        Column("Name", _name, rank=1, sort=_sort("title")),
        Column(
            "System",
            lambda row: entity_chips(row.systems),
            "14%",
            sort=_sort("system"),
            shown_if=_without(*_PEOPLE, *_BROAD, "template", "location"),
        ),
        Column(
            "Owner",
            lambda row: entity_chips(row.owners),
            "15%",
            sort=_sort("owner"),
            shown_if=_without(*_PEOPLE, "template", "location"),
        ),
        Column("Type", lambda row: row.type, "84px", rank=3, sort=_sort("type"), shown_if=is_typed),
        Column(
            "Lifecycle",
            lambda row: rx.cond(row.lifecycle, chip(row.lifecycle)),
            "116px",
            rank=3,
            sort=_sort("lifecycle"),
            shown_if=_without(*_PEOPLE, *_BROAD, "template", "location", "resource"),
        ),
        Column(
            "Namespace",
            lambda row: row.namespace,
            "120px",
            rank=3,
            sort=_sort("namespace"),
            shown_if=state.has_namespaces,
        ),
        Column("Targets", lambda row: row.targets, "45%", shown_if=_only("location")),
        Column(
            "Tags",
            lambda row: tag_list(row.tags, shown=1),
            "134px",
            rank=4,
            shown_if=_without("location"),
        ),
    ]


def _without(*kinds: str) -> rx.Var[bool]:
    return ~_only(*kinds)


def _only(*kinds: str) -> rx.Var[bool]:
    return rx.Var.create(list(kinds)).contains(CatalogIndexState.kind.lower())


def _sort(field: OrderField) -> Sort:
    state = CatalogIndexState
    return Sort(state.order == field, state.is_descending, state.sort(field))


def _name(row: ObjectVar[EntityRow]) -> Component:
    summary = rx.cond(CatalogIndexState.kind.lower() == "location", "", row.summary)
    return name_cell(link(row.title, to=row.path), summary)


def _actions(row: ObjectVar[EntityRow]) -> Component:
    return rx.el.span(
        rx.cond(row.view_url, _icon_link(row, "eye", "View ", row.view_url)),
        rx.cond(row.edit_url, _icon_link(row, "pencil", "Edit ", row.edit_url)),
        star_button(
            row.title,
            is_starred=row.is_starred,
            on_click=CatalogIndexState.star(row.ref),
        ),
        class_name="bp-row-actions",
    )


def _icon_link(row: ObjectVar[EntityRow], icon: str, verb: str, to: rx.Var[str]) -> Component:
    return link(
        rx.icon(icon, size=18, aria_hidden=True),
        to=to,
        class_name="bp-icon-button",
        aria_label=f"{verb}{row.title}",
        no_track=True,
    )
