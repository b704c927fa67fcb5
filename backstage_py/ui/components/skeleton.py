"""Placeholders in the shape of the content they replace, so that nothing jumps."""

import reflex as rx
from reflex_base.components.component import Component

_FILTERS = 3


def skeleton_rows(count: int = 6) -> Component:
    """Grey bars in place of `count` lines of text."""
    return _loading(*(_bar() for _ in range(count)), class_name="bp-skeletons")


def skeleton_table(count: int = 12) -> Component:
    """A table's box with `count` rows, as high as those of a `data_table`."""
    rows = [rx.el.div(_bar(), _bar(), _bar(), class_name="bp-skeleton-row") for _ in range(count)]
    return _loading(*rows, class_name="bp-table-box bp-skeleton-table")


def skeleton_cards(count: int = 6) -> Component:
    """A grid of `count` cards."""
    cards = [rx.el.div(*(_bar() for _ in range(4)), class_name="bp-card") for _ in range(count)]
    return _loading(*cards, class_name="bp-grid bp-skeleton-cards")


def skeleton_filters() -> Component:
    """Labelled fields in the column of filters."""
    fields = [
        rx.el.div(_bar(), rx.el.div(class_name="bp-skeleton bp-skeleton-input"))
        for _ in range(_FILTERS)
    ]
    return rx.el.div(
        *fields,
        rx.el.div(class_name="bp-skeleton bp-skeleton-box"),
        class_name="bp-filter-stack",
        aria_hidden=True,
    )


def skeleton_head() -> Component:
    """The line above a list."""
    return rx.el.div(_bar(), class_name="bp-list-head bp-skeleton-head", aria_hidden=True)


def skeleton_labels(count: int) -> Component:
    """As many facts beside a page's title, before anything is known of them."""
    label = rx.el.div(
        rx.el.dt(_bar()),
        rx.el.dd(_bar()),
        class_name="bp-field bp-skeleton-label",
        aria_hidden=True,
    )
    return rx.fragment(*[label] * count)


def _bar() -> Component:
    return rx.el.div(class_name="bp-skeleton")


def _loading(*children: Component, class_name: str) -> Component:
    return rx.el.div(*children, role="status", aria_label="Loading", class_name=class_name)
