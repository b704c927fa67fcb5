"""The table of the index, and its filters."""

from itertools import starmap

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.techdocs.rows import DocsRow, Mention, Option
from backstage_py.plugins.techdocs.state.index_state import TechDocsIndexState
from backstage_py.portal.components import Column, data_table, link, name_cell, search_field
from backstage_py.portal.names import organization_name

_PICKERS = {"owners": "Owner", "tags": "Tags"}


def docs_table() -> Component:
    """The table, with one row per documented entity."""
    return data_table(
        (
            Column("Document", _name, rank=1),
            Column("Owner", lambda row: mentions(row.owners), "24%"),
            Column("Kind", lambda row: row.kind, "110px"),
            Column("Type", lambda row: row.type, "120px", rank=3),
        ),
        TechDocsIndexState.rows,
        label="Documentation",
        key=lambda row: row.ref,
        actions=_star,
    )


def docs_filters() -> Component:
    """The filters of the list."""
    return rx.el.div(
        search_field(
            placeholder="Name, title or tag",
            value=TechDocsIndexState.text,
            on_change=TechDocsIndexState.search,
        ),
        rx.el.fieldset(
            rx.el.legend("Personal"),
            _user_list("owned", "Owned", "user-round-check"),
            _user_list("starred", "Starred", "star"),
            rx.el.p(organization_name(), class_name="bp-legend"),
            _user_list("all", "All", "library"),
            class_name="bp-user-lists",
        ),
        *starmap(_picker, _PICKERS.items()),
        class_name="bp-filter-stack",
    )


def mentions(shown: rx.Var[list[Mention]]) -> Component:
    """Links to entities; those missing from the catalog are marked."""
    return rx.el.span(rx.foreach(shown, _mention), class_name="bp-chips")


def _mention(one: ObjectVar[Mention]) -> Component:
    missing = rx.el.span(one.title, class_name="bp-muted", title="Not in the catalog")
    return rx.cond(one.exists, link(one.title, to=one.path), missing)


def _name(row: ObjectVar[DocsRow]) -> Component:
    return name_cell(link(row.title, to=row.path), row.description)


def _star(row: ObjectVar[DocsRow]) -> Component:
    return rx.el.button(
        rx.icon("star", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button bp-star",
        aria_label=f"Star {row.title}",
        aria_pressed=row.is_starred,
        on_click=TechDocsIndexState.star(row.ref),
    )


def _user_list(name: str, title: str, icon: str) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        rx.el.span(title),
        rx.el.span(TechDocsIndexState.user_counts[name], class_name="bp-count"),
        type="button",
        class_name="bp-user-list",
        aria_pressed=TechDocsIndexState.user_list == name,
        on_click=TechDocsIndexState.choose_user_list(name),
    )


def _picker(name: str, title: str) -> Component:
    options, chosen = TechDocsIndexState.options[name], TechDocsIndexState.chosen[name]
    choices = rx.foreach(options, lambda option: _choice(name, option))
    picker = rx.el.details(
        rx.el.summary(title, rx.cond(chosen, rx.el.span(chosen, class_name="bp-chip"))),
        rx.el.div(choices, class_name="bp-scroll"),
        open=chosen.bool(),
        class_name="bp-picker",
    )
    return rx.cond(options, picker)


def _choice(name: str, option: ObjectVar[Option]) -> Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=option.is_chosen,
            on_change=lambda _: TechDocsIndexState.toggle(name, option.value),
        ),
        rx.el.span(option.text),
        rx.el.span(option.count, class_name="bp-count"),
        class_name="bp-choice",
    )
