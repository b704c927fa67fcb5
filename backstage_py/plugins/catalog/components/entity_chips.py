"""Links to entities, as small labels."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.rows import EntityChip
from backstage_py.portal.components import link


def entity_chips(chips: rx.Var[list[EntityChip]]) -> Component:
    """Links to entities; those missing from the catalog are marked."""
    return rx.el.span(rx.foreach(chips, _entity_chip), class_name="bp-chips")


def _entity_chip(chip: ObjectVar[EntityChip]) -> Component:
    missing = rx.el.span(chip.title, class_name="bp-muted", title="Not in the catalog")
    return rx.cond(chip.exists, link(chip.title, to=chip.path), missing)
