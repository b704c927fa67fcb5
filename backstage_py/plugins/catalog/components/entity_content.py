"""The catalog's own content on an entity's page."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.components.related_cards import has_dependencies
from backstage_py.plugins.catalog.details import LinkRow
from backstage_py.plugins.catalog.entity_links import EntityLink, list_entity_links
from backstage_py.plugins.catalog.state.entity_state import EntityState
from backstage_py.portal.components import (
    card_grid,
    field,
    info_card,
    link,
    markdown,
    tag_list,
)
from backstage_py.portal.plugin import PageCard
from backstage_py.ui.entries import Entry


def overview(cards: Sequence[PageCard]) -> Component:
    """The overview tab: the cards about the entity and its relations."""
    return rx.fragment(_warnings(), card_grid(cards))


def dependencies(cards: Sequence[PageCard]) -> Component:
    """The dependencies tab: what the entity depends on, and what depends on it."""
    nothing = rx.el.p(
        "No dependencies. Name some in spec.dependsOn of the descriptor.", class_name="bp-muted"
    )
    return rx.fragment(rx.cond(has_dependencies(), rx.fragment(), nothing), card_grid(cards))


def about_card() -> Component:
    """The card with the entity's description, owner and parents."""
    details = EntityState.details
    row = details.row
    nothing = rx.el.span("No description", class_name="bp-muted")
    return info_card(
        "About",
        _about_actions(),
        rx.el.dl(
            field(
                "Description",
                rx.cond(row.description, markdown(row.description), nothing),
                class_name="bp-field bp-wide",
            ),
            rx.cond(details.domains, field("Domain", entity_chips(details.domains))),
            rx.cond(row.systems, field("System", entity_chips(row.systems))),
            rx.cond(details.parents, field("Parent component", entity_chips(details.parents))),
            rx.cond(row.type, field("Type", row.type)),
            rx.cond(row.tags, field("Tags", tag_list(row.tags), class_name="bp-field bp-wide")),
            rx.cond(
                details.targets,
                field("Targets", rx.el.ul(rx.foreach(details.targets, rx.el.li))),
            ),
            class_name="bp-fields",
        ),
        class_name="bp-card bp-catalog-about",
    )


def _about_actions() -> Component:
    details = EntityState.details
    refresh = rx.el.button(
        rx.icon("refresh-cw", size=16, aria_hidden=True),
        "Refresh",
        type="button",
        class_name="bp-button",
        on_click=EntityState.refresh,
    )
    return rx.el.div(
        rx.cond(details.source_url, _action("code", "View source", details.source_url)),
        rx.cond(details.row.view_url, _action("eye", "View", details.row.view_url)),
        rx.cond(details.row.edit_url, _action("pencil", "Edit", details.row.edit_url)),
        rx.cond(
            details.template_path,
            _action("copy-plus", "Create something similar", details.template_path),
        ),
        *(_offered(one) for one in list_entity_links()),
        rx.cond(EntityState.can_refresh, refresh),
        class_name="bp-actions bp-catalog-card-actions",
    )


def _offered(offered: EntityLink) -> Component:
    path = EntityState.details.offered_paths.to(dict[str, str])[offered.name]
    look = "bp-button bp-primary" if offered.is_primary else "bp-button"
    return rx.cond(path, _action(offered.icon, offered.title, path, look))


def _action(icon: str, text: str, to: rx.Var[str], look: str = "bp-button") -> Component:
    return link(rx.icon(icon, size=16, aria_hidden=True), text, to=to, class_name=look)


def links_card() -> Component:
    """The card of the entity's external links."""
    links = EntityState.details.links
    return info_card("Links", rx.el.ul(rx.foreach(links, _link), class_name="bp-list"))


def has_links() -> rx.Var[bool]:
    """Whether the entity shown has links."""
    return EntityState.details.links.length() > 0


def _link(row: ObjectVar[LinkRow]) -> Component:
    return rx.el.li(
        link(row.title, to=row.url), rx.icon("external-link", size=14, aria_hidden=True)
    )


def labels_card() -> Component:
    """The card of the entity's labels, which tools select by."""
    labels = EntityState.details.labels
    rows = rx.el.dl(
        rx.foreach(labels, _label), class_name="bp-fields bp-catalog-stacked bp-catalog-labels"
    )
    return info_card("Labels", rows)


def _label(label: ObjectVar[Entry]) -> Component:
    return field(label.key, label.value)


def has_labels() -> rx.Var[bool]:
    """Whether the entity shown has labels."""
    return EntityState.details.labels.length() > 0


def _warnings() -> Component:
    details = EntityState.details
    return rx.fragment(
        rx.cond(
            details.is_orphan,
            _warning(
                "This entity is an orphan",
                rx.el.p(
                    "No location provides it any more, so it is not kept up to date. ",
                    "Delete it from this page's menu, or add it to a location again.",
                ),
            ),
        ),
        rx.cond(
            details.missing,
            _warning(
                "This entity has relations to entities that are not in the catalog",
                rx.el.ul(rx.foreach(details.missing, rx.el.li)),
            ),
        ),
        rx.cond(
            details.problems,
            _warning(
                "This entity has problems",
                rx.el.ul(rx.foreach(details.problems, rx.el.li)),
            ),
        ),
    )


def _warning(title: str, *content: Component) -> Component:
    return rx.el.div(
        rx.icon("triangle-alert", size=18, aria_hidden=True),
        rx.el.div(rx.el.h2(title), *content),
        role="alert",
        class_name="bp-card bp-warning",
    )
