"""Tables of APIs, and of the components that provide or consume them."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.api_docs.rows import ApiRow, Mention
from backstage_py.plugins.api_docs.state.api_docs_state import ApiState
from backstage_py.portal.components import chip, info_card, link, tag_list

_COLUMNS = ("Name", "System", "Owner", "Type", "Lifecycle", "Description")


def api_table(rows: rx.Var[Sequence[ApiRow]], *, label: str, with_tags: bool = False) -> Component:
    """A row each; `label` names the table to a screen reader."""
    columns = (*_COLUMNS, *(("Tags",) if with_tags else ()))
    head = rx.el.tr(*(rx.el.th(column, scope="col") for column in columns))

    def row(one: ObjectVar[ApiRow]) -> Component:
        return rx.el.tr(
            rx.el.td(link(one.title, to=one.path)),
            rx.el.td(_mentions(one.systems)),
            rx.el.td(_mentions(one.owners)),
            rx.el.td(one.type),
            rx.el.td(rx.cond(one.lifecycle, chip(one.lifecycle))),
            rx.el.td(rx.el.span(one.description, class_name="bp-clamp"), class_name="bp-text"),
            *((rx.el.td(tag_list(one.tags)),) if with_tags else ()),
            key=one.path,
        )

    return rx.el.div(
        rx.el.table(
            rx.el.thead(head), rx.el.tbody(rx.foreach(rows, row)), class_name="bp-table bp-entities"
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label=label,
    )


def related_card(title: str, relation: str, nothing: str) -> Component:
    """A card of what a relation leads to."""
    rows = ApiState.related[relation]
    empty = rx.el.p(nothing, class_name="bp-muted")
    return info_card(title, rx.cond(rows, api_table(rows, label=title), empty))


def _mentions(mentions: rx.Var[list[Mention]]) -> Component:
    return rx.el.span(rx.foreach(mentions, _mention), class_name="bp-chips")


def _mention(one: ObjectVar[Mention]) -> Component:
    missing = rx.el.span(one.title, class_name="bp-muted", title="Not in the catalog")
    return rx.cond(one.exists, link(one.title, to=one.path), missing)
