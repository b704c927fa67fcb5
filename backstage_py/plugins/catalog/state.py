"""What the catalog's pages show; every line of it comes from the service."""

import reflex as rx

from backstage_py.plugins.catalog.entity_filter import EntityFilter
from backstage_py.plugins.catalog.rows import (
    EntityDetails,
    EntityRow,
    Option,
    build_details,
    build_options,
    build_owner_options,
    build_row,
)
from backstage_py.plugins.catalog.service import get_catalog

PAGE_ROWS = 20
FIRST_KIND = "Component"


class CatalogIndexState(rx.State):
    """The index: its filters, and the page of rows they leave."""

    rows: rx.Field[list[EntityRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)
    chosen_kind: rx.Field[str] = rx.field(FIRST_KIND)
    chosen: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    text: rx.Field[str] = rx.field("")
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    options: rx.Field[dict[str, list[Option]]] = rx.field(default_factory=dict)

    @rx.event
    def load(self) -> None:
        """Show the catalog as it is now, of the kind that the address asks for."""
        kind = self.router.url.query_parameters.get("kind", self.chosen_kind)
        if kind != self.chosen_kind:
            self.chosen_kind, self.chosen = kind, {}
        self._show()

    @rx.event
    def choose_kind(self, kind: str) -> None:
        """Show the entities of a kind; what else was chosen belongs to the other kind."""
        self.chosen_kind = kind
        self.chosen = {}
        self._show()

    @rx.event
    def choose(self, facet: str, value: str) -> None:
        """Show what has this value; the empty one means any."""
        self.chosen = {**self.chosen, facet: value}
        self._show()

    @rx.event
    def search(self, text: str) -> None:
        """Show what has these words in its name, title or tags."""
        self.text = text
        self._show()

    @rx.event
    def clear(self) -> None:
        """Show everything of the kind."""
        self.chosen, self.text = {}, ""
        self._show()

    @rx.event
    def turn(self, pages: int) -> None:
        """Go some pages on, or back if negative."""
        last = max(0, (self.total - 1) // PAGE_ROWS * PAGE_ROWS)
        self._show(offset=min(max(0, self.offset + pages * PAGE_ROWS), last))

    def _show(self, offset: int = 0) -> None:
        catalog = get_catalog()
        page = catalog.list_entities(self._filter(), offset=offset, limit=PAGE_ROWS)
        facets = catalog.facets(self.chosen_kind)
        self.rows = [build_row(catalog, entity) for entity in page.items]
        self.total, self.offset = page.total, offset
        self.kinds = build_options(facets.kinds)
        self.options = {
            "type": build_options(facets.types),
            "owner": build_owner_options(facets.owners),
            "lifecycle": build_options(facets.lifecycles),
            "tag": build_options(facets.tags),
        }
        self.is_loaded = True

    def _filter(self) -> EntityFilter:
        def one(facet: str) -> tuple[str, ...]:
            return (value,) if (value := self.chosen.get(facet)) else ()

        return EntityFilter(
            kind=self.chosen_kind,
            types=one("type"),
            owners=one("owner"),
            lifecycles=one("lifecycle"),
            tags=one("tag"),
            text=self.text,
        )


class EntityState(rx.State):
    """The page of one entity."""

    details: rx.Field[EntityDetails] = rx.field(default_factory=EntityDetails)
    shown_path: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the entity that the address names."""
        params = _route_params(self)
        catalog = get_catalog()
        entity = catalog.find_entity(params["kind"], params["namespace"], params["name"])
        self.is_missing = entity is None
        self.details = build_details(catalog, entity) if entity else EntityDetails()
        self.shown_path = "/".join((params["namespace"], params["kind"], params["name"]))


def _route_params(state: rx.State) -> dict[str, str]:
    return {key: str(value) for key, value in state.router_data.get("query", {}).items()}
