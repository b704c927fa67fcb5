"""The filters of the index."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.rows import Option, Picker
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.portal.components import search_field
from backstage_py.portal.names import organization_name


def index_filters() -> Component:
    """The filters of the list, the broadest first."""
    return rx.el.div(
        search_field(
            placeholder="Name, title or tag",
            value=CatalogIndexState.text,
            on_change=CatalogIndexState.search,
        ),
        rx.el.label(
            "Kind",
            rx.el.select(
                rx.foreach(CatalogIndexState.kinds, _option),
                name="kind",
                value=CatalogIndexState.kind.lower(),
                on_change=CatalogIndexState.choose_kind,
            ),
        ),
        rx.cond(CatalogIndexState.types, _types()),
        _user_lists(),
        rx.foreach(CatalogIndexState.pickers, _picker),
        class_name="bp-filter-stack",
    )


def _types() -> Component:
    return rx.el.label(
        "Type",
        rx.el.select(
            rx.el.option("All", value=""),
            rx.foreach(CatalogIndexState.types, _option),
            name="type",
            value=CatalogIndexState.type,
            on_change=CatalogIndexState.choose_type,
        ),
    )


def _option(option: ObjectVar[Option]) -> Component:
    return rx.el.option(option.text, value=option.value)


def _user_lists() -> Component:
    return rx.el.fieldset(
        rx.el.legend("Personal"),
        _user_list("owned", "Owned", "user-round-check"),
        _user_list("starred", "Starred", "star"),
        rx.el.p(organization_name(), class_name="bp-legend"),
        _user_list("all", "All", "library"),
        class_name="bp-user-lists",
    )


def _user_list(name: str, title: str, icon: str) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        rx.el.span(title),
        rx.el.span(CatalogIndexState.user_counts[name], class_name="bp-count"),
        type="button",
        class_name="bp-user-list",
        aria_pressed=CatalogIndexState.user_list == name,
        on_click=CatalogIndexState.choose_user_list(name),
    )


def _picker(picker: ObjectVar[Picker]) -> Component:
    return rx.el.details(
        rx.el.summary(
            picker.title,
            rx.cond(picker.chosen, rx.el.span(picker.chosen, class_name="bp-chip")),
        ),
        rx.cond(picker.has_search, _picker_search(picker)),
        rx.foreach(picker.options, lambda option: _choice(picker, option)),
        rx.cond(
            picker.hidden,
            rx.el.p(f"{picker.hidden} more: search for them", class_name="bp-muted"),
        ),
        open=picker.chosen.bool(),
        class_name="bp-picker",
        key=picker.name,
    )


def _picker_search(picker: ObjectVar[Picker]) -> Component:
    return rx.debounce_input(
        rx.el.input(
            type="search",
            aria_label=f"Search in {picker.title}",
            placeholder="Search",
            on_change=lambda text: CatalogIndexState.narrow(picker.name, text),
        ),
        debounce_timeout=200,
    )


def _choice(picker: ObjectVar[Picker], option: ObjectVar[Option]) -> Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=option.is_chosen,
            on_change=lambda _: CatalogIndexState.toggle(picker.name, option.value),
        ),
        rx.el.span(option.text),
        rx.el.span(option.count, class_name="bp-count"),
        class_name="bp-choice",
    )
