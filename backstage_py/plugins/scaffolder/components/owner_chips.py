"""Links to owners and users."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.rows import OwnerChip
from backstage_py.portal.components import link


def owner_chips(owners: rx.Var[list[OwnerChip]]) -> Component:
    """Links to owners; those missing from the catalog are only named."""
    return rx.el.span(rx.foreach(owners, owner_chip), class_name="bp-chips")


def owner_chip(owner: Any) -> Component:
    """A link to one of them."""
    chip: ObjectVar[OwnerChip] = owner
    plain = rx.el.span(chip.title, class_name="bp-muted")
    return rx.cond(chip.path, link(chip.title, to=chip.path), plain)
