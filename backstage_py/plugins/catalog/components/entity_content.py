"""What the catalog itself places on an entity's page."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.rows import LinkRow, RelationRow
from backstage_py.plugins.catalog.state import EntityState
from backstage_py.portal.components import (
    card_grid,
    chip,
    code_block,
    empty_state,
    field,
    info_card,
    link,
    tag_list,
)
from backstage_py.portal.plugin import PageCard


def overview(cards: Sequence[PageCard]) -> Component:
    """What it is, whose it is, and where to go from it."""
    return rx.fragment(
        rx.cond(EntityState.details.problems, _problems()),
        card_grid(cards),
    )


def definition(_cards: Sequence[PageCard]) -> Component:
    """The definition of an API, as it was written."""
    text = EntityState.details.definition
    nothing = empty_state("No definition", "This entity describes no API.", icon="file-question")
    return rx.cond(text, code_block(text, label="API definition"), nothing)


def descriptor(_cards: Sequence[PageCard]) -> Component:
    """The whole entity as the catalog knows it, in YAML."""
    return code_block(EntityState.details.descriptor, label="Entity as YAML")


def is_api() -> rx.Var[bool]:
    """Whether the entity shown has a definition."""
    return EntityState.details.row.kind == "API"


def about_card() -> Component:
    """What it is, whose it is, and what belongs to it."""
    row = EntityState.details.row
    return info_card(
        "About",
        rx.el.dl(
            field("Owner", rx.cond(row.owners, entity_chips(row.owners), "No owner")),
            field("System", rx.cond(row.systems, entity_chips(row.systems), "No system")),
            field("Type", rx.cond(row.type, row.type, "No type")),
            field("Lifecycle", rx.cond(row.lifecycle, chip(row.lifecycle), "No lifecycle")),
            field("Tags", rx.cond(row.tags, tag_list(row.tags), "No tags")),
            class_name="bp-fields",
        ),
    )


def relations_card() -> Component:
    """Where its relations lead."""
    relations = EntityState.details.relations
    rows = rx.el.dl(rx.foreach(relations, _relation), class_name="bp-fields bp-stacked")
    return info_card("Relations", rx.cond(relations, rows, _nothing("No relations yet.")))


def _relation(relation: ObjectVar[RelationRow]) -> Component:
    return rx.el.div(
        rx.el.dt(relation.title), rx.el.dd(entity_chips(relation.targets)), class_name="bp-field"
    )


def links_card() -> Component:
    """Its links out of the portal."""
    links = EntityState.details.links
    rows = rx.el.ul(rx.foreach(links, _link), class_name="bp-list")
    return info_card("Links", rx.cond(links, rows, _nothing("No links yet.")))


def _link(row: ObjectVar[LinkRow]) -> Component:
    return rx.el.li(link(row.title, to=row.url), rx.icon("external-link", size=14))


def _nothing(text: str) -> Component:
    return rx.el.p(text, class_name="bp-muted")


def _problems() -> Component:
    return rx.el.div(
        rx.el.h2("This entity has problems"),
        rx.el.ul(rx.foreach(EntityState.details.problems, rx.el.li)),
        role="alert",
        class_name="bp-card bp-warning",
    )
