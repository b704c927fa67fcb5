"""The list of templates."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import CATALOG_LOCATION_CREATE
from backstage_py.plugins.catalog.api import CATALOG_IMPORT
from backstage_py.plugins.scaffolder.components.more_menu import more_menu
from backstage_py.plugins.scaffolder.components.template_card import template_card
from backstage_py.plugins.scaffolder.components.template_filters import template_filters
from backstage_py.plugins.scaffolder.state.list_state import TemplateListState
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    link_button,
    page,
    page_header,
    skeleton_cards,
    warning,
)
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.session import may


def template_list_page(_contents: Sequence[PageContent]) -> Component:
    """The templates that can be used."""
    return page(
        page_header(
            "Create a new component",
            subtitle="Begin with a template: it asks what it has to know, and does the rest.",
            actions=[
                _register(),
                more_menu(),
            ],
        ),
        filtered_list(
            template_filters(),
            _list(),
            is_loaded=TemplateListState.is_loaded,
            skeleton=skeleton_cards(),
        ),
    )


def _list() -> Component:
    state = TemplateListState
    count = rx.el.h2(
        "Templates ", rx.el.span("(", state.cards.length(), ")", class_name="bp-muted")
    )
    return rx.fragment(
        warning(state.message),
        rx.el.div(rx.el.div(count, role="status"), class_name="bp-list-head"),
        rx.cond(
            state.cards,
            rx.el.ul(rx.foreach(state.cards, template_card), class_name="bp-scaffolder-templates"),
            rx.cond(state.has_filters, _nothing_fits(), _no_templates()),
        ),
    )


def _register() -> Component:
    button = link_button("Register existing component", to=CATALOG_IMPORT.path)
    return rx.cond(may(CATALOG_LOCATION_CREATE), button)


def _nothing_fits() -> Component:
    clear = rx.el.button(
        "Clear the filters", type="button", class_name="bp-button", on_click=TemplateListState.clear
    )
    text = rx.cond(
        TemplateListState.user_list == "starred",
        "You have starred no template that fits these filters.",
        "No template fits all of these filters.",
    )
    return empty_state("No matches", text, clear, icon="search-x")


def _no_templates() -> Component:
    return empty_state(
        "No templates yet",
        "Register a template file to see it here.",
        _register(),
        icon="layout-template",
    )
