"""Cards of the entities that an entity is related to, by relation and kind.

The names are those of `@backstage/plugin-catalog`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.details import RelatedRows
from backstage_py.plugins.catalog.routes import ENTITY_DEPENDENCIES, ENTITY_OVERVIEW
from backstage_py.plugins.catalog.rows import EntityRow
from backstage_py.plugins.catalog.state.entity_state import EntityState
from backstage_py.portal.components import chip, info_card, link
from backstage_py.portal.plugin import CardExtension
from backstage_py.portal.routes import route_param


@dataclass(frozen=True, slots=True)
class _Related:
    """A card: its name, its title, what it lists, and on which kinds it stands."""

    name: str
    title: str
    relation: str
    kind: str
    on: tuple[str, ...]
    place: str = ENTITY_OVERVIEW


_NEEDY = ("component", "resource")

_CARDS = (
    _Related(
        "EntityHasSubcomponentsCard", "Has subcomponents", "hasPart", "component", ("component",)
    ),
    _Related("EntityHasComponentsCard", "Has components", "hasPart", "component", ("system",)),
    _Related("EntityHasApisCard", "Has APIs", "hasPart", "api", ("system",)),
    _Related("EntityHasResourcesCard", "Has resources", "hasPart", "resource", ("system",)),
    _Related("EntityHasSystemsCard", "Has systems", "hasPart", "system", ("domain",)),
    _Related("EntityHasSubdomainsCard", "Has subdomains", "hasPart", "domain", ("domain",)),
    _Related(
        "EntityDependsOnComponentsCard",
        "Depends on components",
        "dependsOn",
        "component",
        _NEEDY,
        ENTITY_DEPENDENCIES,
    ),
    _Related(
        "EntityDependsOnResourcesCard",
        "Depends on resources",
        "dependsOn",
        "resource",
        _NEEDY,
        ENTITY_DEPENDENCIES,
    ),
    _Related(
        "EntityDependencyOfComponentsCard",
        "Dependency of components",
        "dependencyOf",
        "component",
        _NEEDY,
        ENTITY_DEPENDENCIES,
    ),
    _Related(
        "EntityDependencyOfResourcesCard",
        "Dependency of resources",
        "dependencyOf",
        "resource",
        _NEEDY,
        ENTITY_DEPENDENCIES,
    ),
)


def related_cards() -> tuple[CardExtension, ...]:
    """The extensions of these cards."""
    return tuple(
        CardExtension(
            attach_to=one.place,
            name=one.name,
            card=_build_card(one),
            is_wide=True,
            order=1,
            shown_if=lambda kinds=one.on: is_kind(*kinds),
        )
        for one in _CARDS
    )


def is_kind(*kinds: str) -> rx.Var[bool]:
    """Whether the page is of an entity of one of these kinds, in lower case."""
    return rx.Var.create(list(kinds)).contains(route_param("kind").lower())


def _build_card(related: _Related) -> Callable[[], Component]:
    def build() -> Component:
        rows_by_key = EntityState.details.related.to(dict[str, RelatedRows])
        found = cast("ObjectVar[RelatedRows]", rows_by_key[f"{related.relation} {related.kind}"])
        nothing = rx.el.p("Nothing to show.", class_name="bp-muted")
        rest = rx.cond(found.hidden, rx.el.p("and ", found.hidden, " more", class_name="bp-muted"))
        return info_card(
            related.title,
            rx.cond(found.rows, rx.fragment(_table(found.rows, related.title), rest), nothing),
        )

    return build


def _table(rows: rx.Var[list[EntityRow]], label: str) -> Component:
    head = ("Name", "Owner", "Type", "Lifecycle", "Description")
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(title, scope="col") for title in head))),
            rx.el.tbody(rx.foreach(rows, _row)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label=label,
    )


def _row(row: ObjectVar[EntityRow]) -> Component:
    return rx.el.tr(
        rx.el.td(link(row.title, to=row.path)),
        rx.el.td(entity_chips(row.owners)),
        rx.el.td(row.type),
        rx.el.td(rx.cond(row.lifecycle, chip(row.lifecycle))),
        rx.el.td(rx.el.span(row.description, class_name="bp-clamp"), class_name="bp-text"),
    )
