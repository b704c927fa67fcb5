"""The filters of a list: beside it, or on a phone behind a button."""

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module

_DRAWER = browser_module(__file__, "filter_drawer.js")


class FilterDrawer(Component):
    """Shows its children, or on a phone a button that does."""

    library = _DRAWER
    tag = "FilterDrawer"

    label: Var[str] = field(doc="What the button says.")


def filtered_list(
    filters: Component, content: Component, *, label: str | rx.Var[str] = "Filters"
) -> Component:
    """A list and its filters."""
    return rx.el.div(
        rx.el.div(FilterDrawer.create(filters, label=label), role="search"),
        rx.el.div(content, class_name="bp-list-column"),
        class_name="bp-filtered",
    )
