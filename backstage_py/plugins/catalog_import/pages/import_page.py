"""The page that registers existing entities."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import (
    CATALOG_LOCATION_ANALYZE,
    CATALOG_LOCATION_CREATE,
    CATALOG_LOCATION_DELETE,
)
from backstage_py.plugins.catalog_import.rows import FoundEntity, LocationRow
from backstage_py.plugins.catalog_import.state.import_state import CatalogImportState
from backstage_py.portal.components import Crumb, chip, link, link_button, page, page_header
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.session import may

_TYPES = {"url": "URL", "git": "Git repository", "file": "File"}
_EXAMPLES = {
    "url": "https://github.com/acme/shop/blob/main/catalog-info.yaml",
    "git": "repos/shop.git//catalog-info.yaml?ref=main",
    "file": "demo/catalog/shop.yaml",
}
_STEPS = {"select": "Select", "review": "Review", "finish": "Finish"}


def catalog_import_page(_contents: Sequence[PageContent]) -> Component:
    """The steps: analyze a location, review its entities, register it."""
    state = CatalogImportState
    return page(
        page_header(
            "Register an existing component",
            subtitle="Add existing descriptors to the catalog.",
            crumbs=[Crumb("Catalog", "/catalog")],
        ),
        rx.cond(
            state.is_readonly,
            rx.el.p(
                "The catalog is read-only in this portal.",
                class_name="bp-card bp-warning",
                role="alert",
            ),
            rx.cond(may(CATALOG_LOCATION_ANALYZE) & may(CATALOG_LOCATION_CREATE), _registration()),
        ),
        rx.cond(state.locations, _locations()),
    )


def _registration() -> Component:
    step = CatalogImportState.step
    return rx.el.section(
        _steps(),
        rx.match(step, ("review", _review()), ("finish", _finish()), _select()),
        class_name="bp-card",
    )


def _steps() -> Component:
    return rx.el.ol(
        *(
            rx.el.li(
                title,
                aria_current=rx.cond(CatalogImportState.step == step, "step", "false"),
            )
            for step, title in _STEPS.items()
        ),
        class_name="bp-catalog-import-steps",
    )


def _select() -> Component:
    state = CatalogImportState
    examples = rx.Var.create(_EXAMPLES)
    return rx.el.form(
        rx.el.label(
            "From",
            rx.el.select(
                *(rx.el.option(title, value=type_) for type_, title in _TYPES.items()),
                value=state.type,
                on_change=state.choose_type,
                name="type",
            ),
        ),
        rx.el.label(
            "Location",
            rx.el.input(
                name="target",
                default_value=state.target,
                placeholder=examples[state.type],
                required=True,
                auto_complete="off",
                spell_check=False,
            ),
            class_name="bp-grow",
        ),
        rx.el.button(
            rx.cond(state.is_busy, "Analyzing…", "Analyze"),
            type="submit",
            disabled=state.is_busy,
            class_name="bp-button bp-primary",
        ),
        _problems("This cannot be imported"),
        on_submit=state.analyze,
        class_name="bp-filters bp-catalog-import-form",
    )


def _review() -> Component:
    state = CatalogImportState
    return rx.el.div(
        rx.el.h2("This would be imported from ", rx.el.code(state.target)),
        _found(),
        _problems("Not everything there can be read"),
        rx.el.div(
            rx.el.button("Back", type="button", class_name="bp-button", on_click=state.back),
            rx.el.button(
                rx.cond(state.is_busy, "Importing…", "Import"),
                type="button",
                class_name="bp-button bp-primary",
                disabled=state.is_busy,
                on_click=state.register,
            ),
            class_name="bp-actions",
        ),
        class_name="bp-section",
    )


def _finish() -> Component:
    again = rx.el.button(
        "Register another", type="button", class_name="bp-button", on_click=CatalogImportState.back
    )
    return rx.el.div(
        rx.el.h2("In the catalog now"),
        _found(),
        rx.el.div(again, link_button("Go to the catalog", to="/catalog"), class_name="bp-actions"),
        class_name="bp-section",
    )


def _found() -> Component:
    return rx.el.ul(
        rx.foreach(CatalogImportState.found, _found_entity), class_name="bp-list bp-scroll"
    )


def _found_entity(entity: ObjectVar[FoundEntity]) -> Component:
    is_here = entity.is_known | (CatalogImportState.step == "finish")
    note = rx.cond(entity.is_known, "in the catalog already", "new")
    return rx.el.li(
        rx.el.span(
            rx.cond(is_here, link(entity.title, to=entity.path), rx.el.strong(entity.title)),
            " ",
            rx.el.span(entity.ref, class_name="bp-muted"),
        ),
        rx.cond(CatalogImportState.step == "review", chip(note)),
    )


def _problems(title: str) -> Component:
    return rx.cond(
        CatalogImportState.problems,
        rx.el.div(
            rx.icon("triangle-alert", size=18, aria_hidden=True),
            rx.el.div(rx.el.h2(title), rx.el.ul(rx.foreach(CatalogImportState.problems, rx.el.li))),
            role="alert",
            class_name="bp-card bp-warning bp-grow",
        ),
    )


def _locations() -> Component:
    head = ("Location", "Entities", "Registered by", "When", "")
    return rx.el.section(
        rx.el.div(rx.el.h2("Registered locations"), class_name="bp-section-head"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(title, scope="col") for title in head))),
                rx.el.tbody(rx.foreach(CatalogImportState.locations, _location)),
                class_name="bp-table",
            ),
            class_name="bp-table-box",
            tab_index=0,
            role="region",
            aria_label="Registered locations",
        ),
        class_name="bp-section",
    )


def _location(row: ObjectVar[LocationRow]) -> Component:
    remove = rx.el.button(
        "Unregister",
        type="button",
        class_name="bp-button",
        aria_label=f"Unregister {row.location}",
        on_click=CatalogImportState.unregister(row.id),
        disabled=CatalogImportState.is_readonly,
    )
    return rx.el.tr(
        rx.el.td(rx.el.code(row.location)),
        rx.el.td(row.entities),
        rx.el.td(row.registered_by),
        rx.el.td(row.registered_at),
        rx.el.td(rx.cond(may(CATALOG_LOCATION_DELETE), remove)),
        key=row.id,
    )
