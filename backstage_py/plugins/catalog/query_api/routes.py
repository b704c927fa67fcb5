"""The routes below `/api/catalog`. Source: the OpenAPI text of Backstage's catalog, version 1."""

import functools
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics import (
    CATALOG_ENTITY_READ,
    CATALOG_ENTITY_REFRESH,
    CATALOG_ENTITY_VALIDATE,
    CATALOG_LOCATION_CREATE,
    CATALOG_LOCATION_DELETE,
    CATALOG_LOCATION_READ,
    PUBLIC,
    GuardedRoute,
)
from backstage_py.plugins.catalog.errors import (
    AlreadyRegisteredError,
    EntityNotFoundError,
    LocationNotFoundError,
    MissingPermissionError,
    ReadOnlyError,
    RegistrationError,
)
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.entity_ref import EntityRef, EntityRefError
from backstage_py.plugins.catalog.model.validation import validate_entity
from backstage_py.plugins.catalog.query_api.query import (
    MAX_LIMIT,
    EntityQuery,
    FilterSet,
    OrderBy,
    answer,
    count_facets,
    parse_filters,
    parse_order,
    project,
    select,
)
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.plugins.catalog.rights import CatalogRights
from backstage_py.plugins.catalog.service import CatalogService
from backstage_py.plugins.catalog.store import RegisteredLocation
from backstage_py.portal.json_api import (
    Identify,
    InputError,
    JsonApi,
    JsonCall,
    Statuses,
    json_answer,
)
from backstage_py.portal.slow_work import fetching

PREFIX = "/api/catalog"
DEFAULT_LIMIT = 20
MAX_BODY_BYTES = 1024 * 1024

_STATUSES: Statuses = {
    EntityRefError: (400, "InputError"),
    RegistrationError: (400, "InputError"),
    EntityNotFoundError: (404, "NotFoundError"),
    LocationNotFoundError: (404, "NotFoundError"),
    AlreadyRegisteredError: (409, "ConflictError"),
    ReadOnlyError: (403, "NotAllowedError"),
    MissingPermissionError: (403, "NotAllowedError"),
}


class CatalogApi:
    """The API for scripts written for Backstage's catalog; for signed-in users."""

    def __init__(
        self,
        catalog: CatalogService,
        registrations: Registrations,
        *,
        identify: Identify,
        rights: CatalogRights | None = None,
    ) -> None:
        self._catalog = catalog
        self._rights = rights or CatalogRights(lambda _user: catalog)
        self._registrations = registrations
        self._route = JsonApi(PREFIX, identify, _STATUSES, MAX_BODY_BYTES).route

    def routes(self) -> list[Route]:
        """The routes, each below `/api/catalog`."""
        entity = "/entities/by-name/{kind}/{namespace}/{name}"
        return [
            GuardedRoute(
                f"{PREFIX}/openapi.json", _serve_description, methods=["GET"], access=PUBLIC
            ),
            self._route("GET", "/entities", self._list_entities, access=CATALOG_ENTITY_READ),
            self._route(
                "GET", "/entities/by-query", self._query_entities, access=CATALOG_ENTITY_READ
            ),
            self._route(
                "GET", "/entities/by-uid/{uid}", self._get_by_uid, access=CATALOG_ENTITY_READ
            ),
            self._route("GET", entity, self._get_by_name, access=CATALOG_ENTITY_READ),
            self._route(
                "GET", f"{entity}/ancestry", self._get_ancestry, access=CATALOG_ENTITY_READ
            ),
            self._route("POST", "/entities/by-refs", self._get_by_refs, access=CATALOG_ENTITY_READ),
            self._route("GET", "/entity-facets", self._get_facets, access=CATALOG_ENTITY_READ),
            self._route("POST", "/refresh", self._refresh, access=CATALOG_ENTITY_REFRESH),
            self._route("POST", "/validate-entity", self._validate, access=CATALOG_ENTITY_VALIDATE),
            self._route("GET", "/locations", self._list_locations, access=CATALOG_LOCATION_READ),
            self._route(
                "POST",
                "/locations",
                self._create_location,
                access=CATALOG_LOCATION_CREATE,
                slow=fetching,
            ),
            self._route("GET", "/locations/{id}", self._get_location, access=CATALOG_LOCATION_READ),
            self._route(
                "DELETE", "/locations/{id}", self._delete_location, access=CATALOG_LOCATION_DELETE
            ),
            self._route(
                "GET",
                "/locations/by-entity/{kind}/{namespace}/{name}",
                self._get_origin,
                access=CATALOG_LOCATION_READ,
            ),
        ]

    def _list_entities(self, call: JsonCall) -> Response:
        index = self._see(call).index
        query = EntityQuery(
            filters=_filters(call), order=_order(call), offset=call.whole("offset", 0)
        )
        if after := call.request.query_params.get("after"):
            query = EntityQuery.from_cursor(after)
        page = answer(index, query, min(call.whole("limit", MAX_LIMIT), MAX_LIMIT))
        headers = {}
        if page.next is not None:
            params = f"after={page.next.to_cursor()}"
            headers["Link"] = f'<{PREFIX}/entities?{params}>; rel="next"'
        return json_answer(_write_all(page.items, call.list("fields")), headers=headers)

    def _query_entities(self, call: JsonCall) -> Response:
        params = call.request.query_params
        if "cursor" in params:
            query = EntityQuery.from_cursor(params["cursor"])
        else:
            query = EntityQuery(
                filters=_filters(call),
                order=_order(call),
                term=params.get("fullTextFilterTerm", ""),
                term_fields=call.list("fullTextFilterFields"),
                offset=call.whole("offset", 0),
            )
        page = answer(
            self._see(call).index, query, min(call.whole("limit", DEFAULT_LIMIT), MAX_LIMIT)
        )
        neighbours = {"nextCursor": page.next, "prevCursor": page.previous}
        return json_answer(
            {
                "items": _write_all(page.items, call.list("fields")),
                "totalItems": page.total,
                "pageInfo": {
                    name: query.to_cursor()
                    for name, query in neighbours.items()
                    if query is not None
                },
            }
        )

    def _get_by_uid(self, call: JsonCall) -> Response:
        uid = call.request.path_params["uid"]
        for entity in self._see(call).index.entities:
            if entity.uid == uid:
                return json_answer(entity.to_wire())
        raise EntityNotFoundError(f"the entity with the uid {uid}")

    def _get_by_name(self, call: JsonCall) -> Response:
        return json_answer(self._find(call).to_wire())

    def _get_ancestry(self, call: JsonCall) -> Response:
        entity = self._find(call)
        ancestors = self._see(call).list_ancestors(entity)
        items = [
            {"entity": one.to_wire(), "parentEntityRefs": [two.entity_ref for two in parents]}
            for one, parents in ancestors
        ]
        return json_answer({"rootEntityRef": entity.entity_ref, "items": items})

    def _get_by_refs(self, call: JsonCall) -> Response:
        refs, fields = call.texts("entityRefs"), call.texts("fields", required=False)
        index = self._see(call).index
        allowed = select(index, _filters(call))
        found: list[Any] = []
        for ref in refs:
            canonical = str(EntityRef.parse(ref))
            is_there = index.with_refs([canonical]) & allowed
            entity = index.by_ref[canonical] if is_there else None
            found.append(project(entity.to_wire(), fields) if entity else None)
        return json_answer({"items": found})

    def _get_facets(self, call: JsonCall) -> Response:
        keys = call.request.query_params.getlist("facet")
        if not keys:
            raise InputError("facet", None, "must name a key, such as spec.type")
        index = self._see(call).index
        among = select(index, _filters(call))
        return json_answer(
            {
                "facets": {
                    key: [
                        {"value": value, "count": count}
                        for value, count in sorted(count_facets(index, key, among).items())
                    ]
                    for key in keys
                }
            }
        )

    def _refresh(self, call: JsonCall) -> Response:
        ref = call.text("entityRef")
        entity = self._see(call).find_by_ref(str(EntityRef.parse(ref)))
        if entity is None:
            raise EntityNotFoundError(ref)
        self._rights.require(call.user, CATALOG_ENTITY_REFRESH, entity)
        self._catalog.request_refresh()
        return Response(status_code=200)

    def _validate(self, call: JsonCall) -> Response:
        call.text("location")
        entity = call.body.get("entity")
        if not isinstance(entity, dict):
            raise InputError("entity", entity, "must be an object")
        output = {"relations", "status"}
        errors = validate_entity({key: one for key, one in entity.items() if key not in output})
        if not errors:
            return Response(status_code=200)
        listed = [{"name": "InputError", "message": error.message} for error in errors]
        return json_answer({"errors": listed}, status=400)

    def _list_locations(self, _call: JsonCall) -> Response:
        return json_answer([{"data": _write_location(one)} for one in self._registrations.list()])

    def _create_location(self, call: JsonCall) -> Response:
        type_, target = call.text("type"), call.text("target")
        if call.request.query_params.get("dryRun", "").lower() == "true":
            preview = self._registrations.preview(type_, target)
            if not preview.entities and preview.errors:
                raise RegistrationError(f"{type_}:{target}", preview.errors[0].message)
            location = {"id": "", "type": type_, "target": target}
            exists = bool(preview.entities) and len(preview.known) == len(preview.entities)
            entities = _write_all(preview.entities, ())
            return json_answer(
                {"location": location, "entities": entities, "exists": exists}, status=201
            )
        location = self._registrations.register(type_, target, user=call.user)
        entities = _write_all(self._registrations.list_entities(location), ())
        return json_answer(
            {"location": _write_location(location), "entities": entities, "exists": False},
            status=201,
        )

    def _get_location(self, call: JsonCall) -> Response:
        id_ = call.request.path_params["id"]
        for location in self._registrations.list():
            if location.id == id_:
                return json_answer(_write_location(location))
        raise LocationNotFoundError(id_)

    def _delete_location(self, call: JsonCall) -> Response:
        self._registrations.unregister(call.request.path_params["id"])
        return Response(status_code=204)

    def _get_origin(self, call: JsonCall) -> Response:
        entity = self._find(call)
        location = self._registrations.find_origin(entity)
        if location is None:
            raise LocationNotFoundError(entity.entity_ref)
        return json_answer(_write_location(location))

    def _find(self, call: JsonCall) -> Entity:
        params = call.request.path_params
        return self._see(call).get_entity(params["kind"], params["namespace"], params["name"])

    def _see(self, call: JsonCall) -> CatalogReader:
        return self._rights.see_catalog(call.user)


def _filters(call: JsonCall) -> tuple[FilterSet, ...]:
    return parse_filters(call.request.query_params.getlist("filter"))


def _order(call: JsonCall) -> tuple[OrderBy, ...]:
    return parse_order(call.request.query_params.getlist("orderField"))


def _write_all(entities: Sequence[Entity], fields: Sequence[str]) -> list[Any]:
    return [project(entity.to_wire(), fields) for entity in entities]


def _write_location(location: RegisteredLocation) -> dict[str, str]:
    return {"id": location.id, "type": location.type, "target": location.target}


@functools.cache
def read_description() -> dict[str, Any]:
    """Read the OpenAPI description of the routes."""
    text = files("backstage_py.plugins.catalog.query_api").joinpath("openapi.yaml").read_text()
    return yaml.load(text, Loader=yaml.CSafeLoader)


async def _serve_description(_request: Request) -> Response:  # ruff: ignore[unused-async]
    return json_answer(read_description())
