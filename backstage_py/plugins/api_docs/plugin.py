"""The declaration of the API plugin. Source of the names: `@backstage/plugin-api-docs`."""

from collections.abc import Callable

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import CATALOG_ENTITY_READ
from backstage_py.plugins.api_docs.components.api_table import related_card
from backstage_py.plugins.api_docs.components.definition import definition
from backstage_py.plugins.api_docs.pages.api_docs_page import api_explorer_page
from backstage_py.plugins.api_docs.routes import API_DOCS, definition_routes
from backstage_py.plugins.api_docs.state.api_docs_state import ApiExplorerState, ApiState
from backstage_py.plugins.catalog.api import CATALOG_ENTITY, ENTITY_OVERVIEW
from backstage_py.portal.components import card_grid
from backstage_py.portal.plugin import (
    CardExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PortalPlugin,
)
from backstage_py.portal.routes import route_param
from backstage_py.ui.browser_module import stylesheet

COMPONENT_APIS = "EntityApiContent"
"""The tab with the APIs that a component provides and consumes."""


def _is_api() -> rx.Var[bool]:
    return route_param("kind").lower() == "api"


def _is_component() -> rx.Var[bool]:
    return route_param("kind").lower() == "component"


def _card(title: str, relation: str, nothing: str) -> Callable[[], Component]:
    return lambda: related_card(title, relation, nothing)


api_docs_plugin = PortalPlugin(
    id="api-docs",
    stylesheets=(stylesheet(__file__, "api_docs.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="ApiExplorerPage",
            route_ref=API_DOCS,
            title="APIs",
            page=api_explorer_page,
            on_load=ApiExplorerState.load,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name="EntityApiDefinitionCard",
            path="/definition",
            title="Definition",
            content=definition,
            shown_if=_is_api,
            on_load=ApiState.load_definition,
        ),
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name=COMPONENT_APIS,
            path="/api",
            title="API",
            content=card_grid,
            shown_if=_is_component,
        ),
    ),
    cards=(
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityProvidingComponentsCard",
            card=_card("Providers", "apiProvidedBy", "No component provides this API."),
            is_wide=True,
            shown_if=_is_api,
            on_load=ApiState.load_related,
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityConsumingComponentsCard",
            card=_card("Consumers", "apiConsumedBy", "No component consumes this API."),
            is_wide=True,
            shown_if=_is_api,
        ),
        CardExtension(
            attach_to=COMPONENT_APIS,
            name="EntityProvidedApisCard",
            card=_card("Provided APIs", "providesApi", "This component provides no API."),
            is_wide=True,
        ),
        CardExtension(
            attach_to=COMPONENT_APIS,
            name="EntityConsumedApisCard",
            card=_card("Consumed APIs", "consumesApi", "This component consumes no API."),
            is_wide=True,
        ),
    ),
    nav_items=(NavItem("APIs", "puzzle", API_DOCS, permission=CATALOG_ENTITY_READ),),
    api_routes=definition_routes,
)
