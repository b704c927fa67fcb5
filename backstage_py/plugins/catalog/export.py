"""`GET /api/catalog/export.csv`: all rows of the index, for spreadsheets."""

import asyncio
import csv
import io
import logging
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from backstage_py.analytics import CATALOG_ENTITY_READ, GuardedRoute
from backstage_py.plugins.catalog.index.index_query import IndexQuery
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.plugins.catalog.stars import Stars

_logger = logging.getLogger(__name__)

COLUMNS = (
    *("entityRef", "kind", "namespace", "name", "title", "type", "lifecycle"),
    *("owner", "system", "tags", "description"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_route(
    see_catalog: Callable[[str], CatalogReader],
    stars: Stars,
    *,
    identify: Callable[[Mapping[str, str]], str | None],
) -> GuardedRoute:
    """The route; it takes the query of the index's address, except for the page."""

    async def export(request: Request) -> Response:
        user = identify(dict(request.headers))
        if not user:
            return Response("Sign in first", status_code=401, media_type="text/plain")
        try:
            text = await asyncio.to_thread(_export, request.url.query, user)
        except SQLAlchemyError as error:
            _logger.warning("The catalog is not exported: %s", error)
            return Response("The database is not responding", status_code=503)
        headers = {"Content-Disposition": 'attachment; filename="catalog.csv"'}
        # Excel knows UTF-8 by the byte order mark.
        return Response(text.encode("utf-8-sig"), headers=headers, media_type="text/csv")

    def _export(address: str, user: str) -> str:
        catalog, query = see_catalog(user), IndexQuery.from_address(address)
        starred = stars.list_refs(user) if query.user_list == "starred" else frozenset[str]()
        wanted = query.to_filter(owned_by=catalog.list_owner_refs(user), starred=starred)
        key, descending = query.order
        page = catalog.list_entities(wanted, order=key, descending=descending, limit=None)
        return write_csv(page.items)

    return GuardedRoute(
        "/api/catalog/export.csv", export, methods=["GET"], access=CATALOG_ENTITY_READ
    )


def write_csv(entities: tuple[Entity, ...]) -> str:
    """Write entities as CSV (RFC 4180); no cell can be read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entity in entities:
        writer.writerow(map(_defuse, _list_cells(entity)))
    return text.getvalue()


def _list_cells(entity: Entity) -> tuple[str, ...]:
    return (
        entity.entity_ref,
        entity.kind,
        entity.namespace,
        entity.name,
        entity.title,
        entity.type,
        entity.lifecycle,
        " ".join(entity.list_targets("ownedBy")),
        " ".join(entity.list_targets("partOf")),
        " ".join(entity.tags),
        entity.description,
    )


def _defuse(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
