"""The filters of a list: beside it, on phones behind a button."""

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module
from backstage_py.ui.components.skeleton import (
    skeleton_filters,
    skeleton_head,
    skeleton_table,
)

_DRAWER = browser_module(__file__, "filter_drawer.js")


class FilterDrawer(Component):
    """Shows its children; on phones, a button that opens them."""

    library = _DRAWER
    tag = "FilterDrawer"

    label: Var[str] = field(doc="What the button says.")


def filtered_list(
    filters: Component,
    content: Component,
    *,
    label: str | rx.Var[str] = "Filters",
    is_loaded: rx.Var[bool] | None = None,
    skeleton: Component | None = None,
) -> Component:
    """A list and its filters.

    Args:
        filters: The controls that narrow the list.
        content: The list.
        label: The text of the filters' button on a phone.
        is_loaded: Whether there is something to show; None if there always is.
        skeleton: Shown until the list is there; a table's rows by default.
    """
    if is_loaded is not None:
        waiting = rx.fragment(skeleton_head(), skeleton or skeleton_table())
        filters = rx.cond(is_loaded, filters, skeleton_filters())
        content = rx.cond(is_loaded, content, waiting)
    return rx.el.div(
        rx.el.div(FilterDrawer.create(filters, label=label), role="search", aria_label=label),
        rx.el.div(content, class_name="bp-list-column"),
        class_name="bp-filtered",
    )
