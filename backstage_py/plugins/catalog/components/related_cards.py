"""Cards of the entities that an entity is related to, by relation and kind.

The names are those of `@backstage/plugin-catalog`.
"""

import functools
import operator
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
from backstage_py.portal.components import Column, chip, data_table, info_card, link, name_cell
from backstage_py.portal.plugin import CardExtension
from backstage_py.portal.routes import route_param


@dataclass(frozen=True, slots=True)
class _Related:
    """A card: its name, title and content, and the kinds that have it."""

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
            shown_if=lambda one=one: is_kind(*one.on) & _find(one).rows.bool(),
        )
        for one in _CARDS
    )


def is_kind(*kinds: str) -> rx.Var[bool]:
    """Whether the page's entity has one of these kinds, given in lower case."""
    return rx.Var.create(list(kinds)).contains(route_param("kind").lower())


def _find(related: _Related) -> ObjectVar[RelatedRows]:
    rows_by_key = EntityState.details.related.to(dict[str, RelatedRows])
    return cast("ObjectVar[RelatedRows]", rows_by_key[f"{related.relation} {related.kind}"])


def has_dependencies() -> rx.Var[bool]:
    """Whether the entity shown has dependencies or dependents."""
    listed = (_find(one).rows.bool() for one in _CARDS if one.place == ENTITY_DEPENDENCIES)
    return functools.reduce(operator.or_, listed)


def _build_card(related: _Related) -> Callable[[], Component]:
    def build() -> Component:
        found = _find(related)
        rest = rx.cond(found.hidden, rx.el.p("and ", found.hidden, " more", class_name="bp-muted"))
        return info_card(related.title, _table(found.rows, related.title), rest)

    return build


def _table(rows: rx.Var[list[EntityRow]], label: str) -> Component:
    return data_table(
        (
            Column("Name", _name, rank=1),
            Column("Owner", lambda row: entity_chips(row.owners), "22%"),
            Column("Type", lambda row: row.type, "14%"),
            Column(
                "Lifecycle",
                lambda row: rx.cond(row.lifecycle, chip(row.lifecycle)),
                "118px",
                rank=3,
            ),
        ),
        rows,
        label=label,
        key=lambda row: row.ref,
    )


def _name(row: ObjectVar[EntityRow]) -> Component:
    return name_cell(link(row.title, to=row.path), row.summary)
