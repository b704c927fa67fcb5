"""The states of the API pages; all data comes from the catalog's service."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access, load_config
from backstage_py.plugins.api_docs.routes import definition_path
from backstage_py.plugins.api_docs.rows import (
    ApiRow,
    Choice,
    build_choices,
    build_owner_choices,
    build_related,
    build_row,
)
from backstage_py.plugins.api_docs.service import Definition, read_definition
from backstage_py.plugins.catalog.api import Entity, EntityFilter, Page, visible_catalog
from backstage_py.portal.address_query import AddressQuery, parameter, whole
from backstage_py.portal.listing import ListingState, read_page

FILTERS = ("type", "owner", "lifecycle", "tag")
RELATIONS = ("providesApi", "consumesApi", "apiProvidedBy", "apiConsumedBy")


@dataclass(frozen=True, slots=True)
class ApiQuery(AddressQuery):
    """The filters and the page of the list."""

    type: str = parameter("filters[type]")
    owner: str = parameter("filters[owner]")
    lifecycle: str = parameter("filters[lifecycle]")
    tag: str = parameter("filters[tag]")
    text: str = parameter("filters[text]")
    offset: int = parameter("offset", 0, read=whole)

    @property
    def limit(self) -> int:
        """The number of rows per page."""
        return 20

    def to_filter(self) -> EntityFilter:
        """Make the filter."""

        def one(value: str) -> tuple[str, ...]:
            return (value,) if value else ()

        return EntityFilter(
            kind="API",
            types=one(self.type),
            owners=one(self.owner),
            lifecycles=one(self.lifecycle),
            tags=one(self.tag),
            text=self.text,
        )


@access(CATALOG_ENTITY_READ)
class ApiExplorerState(ListingState, rx.State):
    """The list of APIs, for the query in its address."""

    rows: rx.Field[list[ApiRow]] = rx.field(default_factory=list)
    chosen: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    options: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    is_empty: rx.Field[bool] = rx.field(False)
    _query: ApiQuery = ApiQuery()

    @rx.event
    def choose(self, name: str, value: str) -> Any:
        """Show the APIs with this value; empty means any."""
        return self._change(self._query.taking(name, value), name, value)

    def _show(self, query: ApiQuery) -> None:
        catalog, wanted = visible_catalog(self), query.to_filter()

        def read(offset: int) -> Page:
            return catalog.list_entities(wanted, offset=offset, limit=query.limit)

        page, self.offset = read_page(read, offset=query.offset, limit=query.limit)
        self._query = replace(query, offset=self.offset)
        self.rows = [build_row(catalog, entity) for entity in page.items]
        self.total, self.text = page.total, query.text
        self.chosen = {name: getattr(query, name) for name in FILTERS}
        facets = catalog.facets("API")
        self.is_empty = not catalog.count_entities(EntityFilter(kind="API"))
        self.options = {
            "type": build_choices(facets.types),
            "owner": build_owner_choices(catalog, facets.owners),
            "lifecycle": build_choices(facets.lifecycles),
            "tag": build_choices(facets.tags),
        }


@access(CATALOG_ENTITY_READ)
class ApiState(rx.State):
    """The definition of an API, and the entities that provide or consume APIs."""

    definition: rx.Field[Definition] = rx.field(default_factory=Definition)
    src: rx.Field[str] = rx.field("")
    related: rx.Field[dict[str, list[ApiRow]]] = rx.field(default_factory=dict)
    is_raw: rx.Field[bool] = rx.field(False)
    can_try: rx.Field[bool] = rx.field(False)

    @rx.event
    def load_definition(self) -> None:
        """Show the definition of the API in the address."""
        entity = self._find()
        self.is_raw = False
        is_api = entity is not None and entity.kind == "API"
        self.definition = read_definition(entity) if entity and is_api else Definition()
        self.src = definition_path(entity.ref) if entity else ""
        self.can_try = bool(load_config().get_optional_boolean("apiDocs.tryItOut"))

    @rx.event
    def load_related(self) -> None:
        """Show the APIs of the component in the address, or the components of the API."""
        entity, catalog = self._find(), visible_catalog(self)
        self.related = {
            relation: build_related(catalog, entity, relation) if entity else []
            for relation in RELATIONS
        }

    @rx.event
    def show_raw(self) -> None:
        """Show the raw text."""
        self.is_raw = True

    @rx.event
    def show_drawn(self) -> None:
        """Show it in its viewer."""
        self.is_raw = False

    def _find(self) -> Entity | None:
        params = {key: str(value) for key, value in self.router_data.get("query", {}).items()}
        return visible_catalog(self).find_entity(
            params["kind"], params["namespace"], params["name"]
        )
