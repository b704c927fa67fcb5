"""Tables of APIs, and of the components that provide or consume them."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.api_docs.rows import ApiRow, Mention
from backstage_py.plugins.api_docs.state.api_docs_state import ApiState
from backstage_py.portal.components import (
    Column,
    chip,
    data_table,
    info_card,
    link,
    name_cell,
    tag_list,
)


def api_table(rows: rx.Var[Sequence[ApiRow]], *, label: str, with_tags: bool = False) -> Component:
    """A table of entities; `label` names it for screen readers."""
    tags = Column("Tags", lambda row: tag_list(row.tags, shown=1), "134px", rank=4)
    return data_table(
        (
            Column("Name", _name, rank=1),
            Column("System", lambda row: _mentions(row.systems), "14%"),
            Column("Owner", lambda row: _mentions(row.owners), "15%"),
            Column("Type", lambda row: row.type, "84px", rank=3),
            Column(
                "Lifecycle",
                lambda row: rx.cond(row.lifecycle, chip(row.lifecycle)),
                "116px",
                rank=3,
            ),
            *((tags,) if with_tags else ()),
        ),
        rows,
        label=label,
        key=lambda row: row.path,
    )


def _name(row: ObjectVar[ApiRow]) -> Component:
    return name_cell(link(row.title, to=row.path), row.description)


def related_card(title: str, relation: str, nothing: str) -> Component:
    """A card of the entities of one relation."""
    rows = ApiState.related[relation]
    empty = rx.el.p(nothing, class_name="bp-muted")
    return info_card(title, rx.cond(rows, api_table(rows, label=title), empty))


def _mentions(mentions: rx.Var[list[Mention]]) -> Component:
    return rx.el.span(rx.foreach(mentions, _mention), class_name="bp-chips")


def _mention(one: ObjectVar[Mention]) -> Component:
    missing = rx.el.span(one.title, class_name="bp-muted", title="Not in the catalog")
    return rx.cond(one.exists, link(one.title, to=one.path), missing)
