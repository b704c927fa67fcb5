"""What the API pages show; every line of it comes from the catalog's service."""

from typing import Any
from urllib.parse import parse_qs, urlencode

import reflex as rx

from backstage_py.analytics import load_config
from backstage_py.plugins.api_docs.routes import API_DOCS, definition_path
from backstage_py.plugins.api_docs.rows import (
    ApiRow,
    Choice,
    build_choices,
    build_owner_choices,
    build_related,
    build_row,
)
from backstage_py.plugins.api_docs.service import Definition, read_definition
from backstage_py.plugins.catalog.api import Entity, EntityFilter, get_catalog
from backstage_py.portal.address import replace_address

PAGE_ROWS = 20
FILTERS = ("type", "owner", "lifecycle", "tag")
RELATIONS = ("providesApi", "consumesApi", "apiProvidedBy", "apiConsumedBy")


class ApiExplorerState(rx.State):
    """The list of APIs, for the query that its address holds."""

    rows: rx.Field[list[ApiRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    chosen: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    options: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    organization: rx.Field[str] = rx.field("Company")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show what the address asks for."""
        self.organization = load_config().get_optional_string("organization.name") or "Company"
        values = parse_qs(self.router.url.query)
        self.chosen = {name: values.get(f"filters[{name}]", [""])[-1] for name in FILTERS}
        self.text = values.get("filters[text]", [""])[-1]
        offset = values.get("offset", ["0"])[-1]
        self._show(int(offset) if offset.isascii() and offset.isdigit() else 0)
        self.is_loaded = True

    @rx.event
    def choose(self, name: str, value: str) -> Any:
        """Show what has this value; the empty one means any."""
        self.chosen = {**self.chosen, name: value}
        return self._go(0)

    @rx.event
    def search(self, text: str) -> Any:
        """Show what has these words in its name, title or tags."""
        self.text = text
        return self._go(0)

    @rx.event
    def clear(self) -> Any:
        """Show every API."""
        self.chosen, self.text = dict.fromkeys(FILTERS, ""), ""
        return self._go(0)

    @rx.event
    def turn(self, pages: int) -> Any:
        """Go some pages on, or back if negative."""
        return self._go(max(0, self.offset + pages * PAGE_ROWS))

    def _go(self, offset: int) -> Any:
        self._show(offset)
        pairs = [(f"filters[{name}]", value) for name, value in self.chosen.items() if value]
        pairs += [("filters[text]", self.text)] if self.text else []
        pairs += [("offset", str(self.offset))] if self.offset else []
        return replace_address(API_DOCS.path, urlencode(pairs, safe="[]:/"))

    def _show(self, offset: int) -> None:
        catalog, wanted = get_catalog(), self._filter()
        page = catalog.list_entities(wanted, offset=offset, limit=PAGE_ROWS)
        if offset and not page.items:
            offset = 0
            page = catalog.list_entities(wanted, limit=PAGE_ROWS)
        facets = catalog.facets("API")
        self.rows = [build_row(catalog, entity) for entity in page.items]
        self.total, self.offset = page.total, offset
        self.options = {
            "type": build_choices(facets.types),
            "owner": build_owner_choices(facets.owners),
            "lifecycle": build_choices(facets.lifecycles),
            "tag": build_choices(facets.tags),
        }

    def _filter(self) -> EntityFilter:
        def one(name: str) -> tuple[str, ...]:
            return (value,) if (value := self.chosen.get(name)) else ()

        return EntityFilter(
            kind="API",
            types=one("type"),
            owners=one("owner"),
            lifecycles=one("lifecycle"),
            tags=one("tag"),
            text=self.text,
        )


class ApiState(rx.State):
    """The definition of an API, and what provides and consumes APIs."""

    definition: rx.Field[Definition] = rx.field(default_factory=Definition)
    src: rx.Field[str] = rx.field("")
    related: rx.Field[dict[str, list[ApiRow]]] = rx.field(default_factory=dict)
    is_raw: rx.Field[bool] = rx.field(False)
    can_try: rx.Field[bool] = rx.field(False)

    @rx.event
    def load_definition(self) -> None:
        """Show how the API of the address is defined."""
        entity = self._find()
        self.is_raw = False
        is_api = entity is not None and entity.kind == "API"
        self.definition = read_definition(entity) if entity and is_api else Definition()
        self.src = definition_path(entity.ref) if entity else ""
        self.can_try = bool(load_config().get_optional_boolean("apiDocs.tryItOut"))

    @rx.event
    def load_related(self) -> None:
        """Show what the entity of the address provides, consumes, or is provided by."""
        entity, catalog = self._find(), get_catalog()
        self.related = {
            relation: build_related(catalog, entity, relation) if entity else []
            for relation in RELATIONS
        }

    @rx.event
    def show_raw(self) -> None:
        """Show the text."""
        self.is_raw = True

    @rx.event
    def show_drawn(self) -> None:
        """Show it as its viewer draws it."""
        self.is_raw = False

    def _find(self) -> Entity | None:
        params = {key: str(value) for key, value in self.router_data.get("query", {}).items()}
        return get_catalog().find_entity(params["kind"], params["namespace"], params["name"])
