"""The routes below `/api/catalog`. Source: the OpenAPI text of Backstage's catalog, version 1."""

import asyncio
import functools
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import orjson
import yaml
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.plugins.catalog.entity import Entity
from backstage_py.plugins.catalog.entity_ref import EntityRef, EntityRefError
from backstage_py.plugins.catalog.errors import (
    AlreadyRegisteredError,
    EntityNotFoundError,
    LocationNotFoundError,
    ReadOnlyError,
    RegistrationError,
)
from backstage_py.plugins.catalog.query_api.query import (
    MAX_LIMIT,
    EntityQuery,
    QueryError,
    answer,
    count_facets,
    parse_filters,
    parse_order,
    parse_whole,
    project,
    select,
)
from backstage_py.plugins.catalog.service import CatalogService, Registrations
from backstage_py.plugins.catalog.store import RegisteredLocation
from backstage_py.plugins.catalog.validation import validate_entity

PREFIX = "/api/catalog"
DEFAULT_LIMIT = 20
MAX_BODY_BYTES = 1024 * 1024

Identify = Callable[[Mapping[str, str]], str | None]
"""Tells who a request is from, by its headers; None for nobody."""


class ForbiddenError(Exception):
    """The request comes from where it may not."""


class UnknownUserError(Exception):
    """Nobody is signed in."""


_STATUS_BY_ERROR: Mapping[type[Exception], tuple[int, str]] = {
    QueryError: (400, "InputError"),
    EntityRefError: (400, "InputError"),
    RegistrationError: (400, "InputError"),
    EntityNotFoundError: (404, "NotFoundError"),
    LocationNotFoundError: (404, "NotFoundError"),
    AlreadyRegisteredError: (409, "ConflictError"),
    ReadOnlyError: (403, "NotAllowedError"),
    ForbiddenError: (403, "NotAllowedError"),
    UnknownUserError: (401, "AuthenticationError"),
    SQLAlchemyError: (503, "ServiceUnavailableError"),
}


class CatalogApi:
    """Answers scripts that were written for Backstage's catalog, to who is signed in."""

    def __init__(
        self, catalog: CatalogService, registrations: Registrations, *, identify: Identify
    ) -> None:
        self._catalog = catalog
        self._registrations = registrations
        self._identify = identify

    def routes(self) -> list[Route]:
        """The routes, each below `/api/catalog`."""
        entity = "/entities/by-name/{kind}/{namespace}/{name}"
        return [
            Route(f"{PREFIX}/openapi.json", _serve_description, methods=["GET"]),
            self._route("GET", "/entities", self._list_entities),
            self._route("GET", "/entities/by-query", self._query_entities),
            self._route("GET", "/entities/by-uid/{uid}", self._get_by_uid),
            self._route("GET", entity, self._get_by_name),
            self._route("GET", f"{entity}/ancestry", self._get_ancestry),
            self._route("POST", "/entities/by-refs", self._get_by_refs),
            self._route("GET", "/entity-facets", self._get_facets),
            self._route("POST", "/refresh", self._refresh),
            self._route("POST", "/validate-entity", self._validate),
            self._route("GET", "/locations", self._list_locations),
            self._route("POST", "/locations", self._create_location),
            self._route("GET", "/locations/{id}", self._get_location),
            self._route("DELETE", "/locations/{id}", self._delete_location),
            self._route("GET", "/locations/by-entity/{kind}/{namespace}/{name}", self._get_origin),
        ]

    def _route(self, method: str, path: str, handler: Callable[["_Call"], Response]) -> Route:
        async def serve(request: Request) -> Response:
            try:
                call = await self._read_call(request)
                return await asyncio.to_thread(handler, call)
            except tuple(_STATUS_BY_ERROR) as error:
                return _refuse(request, error)

        return Route(f"{PREFIX}{path}", serve, methods=[method])

    async def _read_call(self, request: Request) -> "_Call":
        user = self._identify(dict(request.headers))
        if not user:
            raise UnknownUserError("Sign in first")
        origin = request.headers.get("origin")
        if origin and urlsplit(origin).hostname != request.url.hostname:
            raise ForbiddenError("Origin: is another site; use your own host")
        body = await _read_body(request) if request.method == "POST" else {}
        return _Call(user, request, body)

    def _list_entities(self, call: "_Call") -> Response:
        index = self._catalog.index
        query = EntityQuery(
            filters=call.filters(), order=call.order(), offset=call.whole("offset", 0)
        )
        if after := call.request.query_params.get("after"):
            query = EntityQuery.from_cursor(after)
        page = answer(index, query, min(call.whole("limit", MAX_LIMIT), MAX_LIMIT))
        headers = {}
        if page.next is not None:
            params = f"after={page.next.to_cursor()}"
            headers["Link"] = f'<{PREFIX}/entities?{params}>; rel="next"'
        return _answer(_write_all(page.items, call.fields()), headers=headers)

    def _query_entities(self, call: "_Call") -> Response:
        params = call.request.query_params
        if "cursor" in params:
            query = EntityQuery.from_cursor(params["cursor"])
        else:
            query = EntityQuery(
                filters=call.filters(),
                order=call.order(),
                term=params.get("fullTextFilterTerm", ""),
                term_fields=call.list("fullTextFilterFields"),
                offset=call.whole("offset", 0),
            )
        page = answer(
            self._catalog.index, query, min(call.whole("limit", DEFAULT_LIMIT), MAX_LIMIT)
        )
        neighbours = {"nextCursor": page.next, "prevCursor": page.previous}
        return _answer(
            {
                "items": _write_all(page.items, call.fields()),
                "totalItems": page.total,
                "pageInfo": {
                    name: query.to_cursor()
                    for name, query in neighbours.items()
                    if query is not None
                },
            }
        )

    def _get_by_uid(self, call: "_Call") -> Response:
        uid = call.request.path_params["uid"]
        for entity in self._catalog.index.entities:
            if entity.uid == uid:
                return _answer(entity.to_wire())
        raise EntityNotFoundError(f"the entity with the uid {uid}")

    def _get_by_name(self, call: "_Call") -> Response:
        return _answer(self._find(call).to_wire())

    def _get_ancestry(self, call: "_Call") -> Response:
        entity = self._find(call)
        ancestors = self._catalog.list_ancestors(entity)
        items = [
            {"entity": one.to_wire(), "parentEntityRefs": [two.entity_ref for two in parents]}
            for one, parents in ancestors
        ]
        return _answer({"rootEntityRef": entity.entity_ref, "items": items})

    def _get_by_refs(self, call: "_Call") -> Response:
        refs, fields = call.texts("entityRefs"), call.texts("fields", required=False)
        index = self._catalog.index
        allowed = select(index, call.filters())
        found: list[Any] = []
        for ref in refs:
            canonical = str(EntityRef.parse(ref))
            is_there = index.with_refs([canonical]) & allowed
            entity = index.by_ref[canonical] if is_there else None
            found.append(project(entity.to_wire(), fields) if entity else None)
        return _answer({"items": found})

    def _get_facets(self, call: "_Call") -> Response:
        keys = call.request.query_params.getlist("facet")
        if not keys:
            raise QueryError("facet", None, "must name a key, such as spec.type")
        index = self._catalog.index
        among = select(index, call.filters())
        return _answer(
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

    def _refresh(self, call: "_Call") -> Response:
        ref = call.text("entityRef")
        if self._catalog.find_by_ref(str(EntityRef.parse(ref))) is None:
            raise EntityNotFoundError(ref)
        self._catalog.request_refresh()
        return Response(status_code=200)

    def _validate(self, call: "_Call") -> Response:
        call.text("location")
        entity = call.body.get("entity")
        if not isinstance(entity, dict):
            raise QueryError("entity", entity, "must be an object")
        output = {"relations", "status"}
        errors = validate_entity({key: one for key, one in entity.items() if key not in output})
        if not errors:
            return Response(status_code=200)
        listed = [{"name": "InputError", "message": error.message} for error in errors]
        return _answer({"errors": listed}, status=400)

    def _list_locations(self, _call: "_Call") -> Response:
        return _answer([{"data": _write_location(one)} for one in self._registrations.list()])

    def _create_location(self, call: "_Call") -> Response:
        type_, target = call.text("type"), call.text("target")
        if call.request.query_params.get("dryRun", "").lower() == "true":
            preview = self._registrations.preview(type_, target)
            if not preview.entities and preview.errors:
                raise RegistrationError(f"{type_}:{target}", preview.errors[0].message)
            location = {"id": "", "type": type_, "target": target}
            exists = bool(preview.entities) and len(preview.known) == len(preview.entities)
            entities = _write_all(preview.entities, ())
            return _answer(
                {"location": location, "entities": entities, "exists": exists}, status=201
            )
        location = self._registrations.register(type_, target, user=call.user)
        entities = _write_all(self._registrations.list_entities(location), ())
        return _answer(
            {"location": _write_location(location), "entities": entities, "exists": False},
            status=201,
        )

    def _get_location(self, call: "_Call") -> Response:
        id_ = call.request.path_params["id"]
        for location in self._registrations.list():
            if location.id == id_:
                return _answer(_write_location(location))
        raise LocationNotFoundError(id_)

    def _delete_location(self, call: "_Call") -> Response:
        self._registrations.unregister(call.request.path_params["id"])
        return Response(status_code=204)

    def _get_origin(self, call: "_Call") -> Response:
        entity = self._find(call)
        location = self._registrations.find_origin(entity)
        if location is None:
            raise LocationNotFoundError(entity.entity_ref)
        return _answer(_write_location(location))

    def _find(self, call: "_Call") -> Entity:
        params = call.request.path_params
        return self._catalog.get_entity(params["kind"], params["namespace"], params["name"])


class _Call:
    """A request, its parameters and its body, and who sent it."""

    def __init__(self, user: str, request: Request, body: Mapping[str, Any]) -> None:
        self.user = user
        self.request = request
        self.body = body

    def filters(self) -> Any:
        return parse_filters(self.request.query_params.getlist("filter"))

    def order(self) -> Any:
        return parse_order(self.request.query_params.getlist("orderField"))

    def fields(self) -> tuple[str, ...]:
        return self.list("fields")

    def list(self, name: str) -> tuple[str, ...]:
        texts = ",".join(self.request.query_params.getlist(name)).split(",")
        return tuple(text.strip() for text in texts if text.strip())

    def whole(self, name: str, default: int) -> int:
        return parse_whole(name, self.request.query_params.get(name), default)

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise QueryError(name, value, "must be a text that is not empty")
        return value

    def texts(self, name: str, *, required: bool = True) -> Sequence[str]:
        value = self.body.get(name, None if required else [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise QueryError(name, value, "must be a list of texts")
        return value


async def _read_body(request: Request) -> Mapping[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise QueryError("Content-Type", media_type[:60], "must be application/json")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise QueryError("body", len(body), f"must have at most {MAX_BODY_BYTES} bytes")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise QueryError("body", str(error), "must be JSON") from error
    if not isinstance(value, dict):
        raise QueryError("body", type(value).__name__, "must be an object")
    return value


def _write_all(entities: Sequence[Entity], fields: Sequence[str]) -> list[Any]:
    return [project(entity.to_wire(), fields) for entity in entities]


def _write_location(location: RegisteredLocation) -> dict[str, str]:
    return {"id": location.id, "type": location.type, "target": location.target}


def _answer(
    content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    body = orjson.dumps(content)
    return Response(body, status_code=status, headers=headers, media_type="application/json")


def _refuse(request: Request, error: Exception) -> Response:
    status, name = next(
        found for kind, found in _STATUS_BY_ERROR.items() if isinstance(error, kind)
    )
    is_down = isinstance(error, SQLAlchemyError)
    message = "The database does not answer" if is_down else str(error)
    return _answer(
        {
            "error": {"name": name, "message": message},
            "request": {"method": request.method, "url": request.url.path},
            "response": {"statusCode": status},
        },
        status=status,
    )


@functools.cache
def read_description() -> dict[str, Any]:
    """Read the OpenAPI description of the routes."""
    text = files("backstage_py.plugins.catalog.query_api").joinpath("openapi.yaml").read_text()
    return yaml.safe_load(text)


async def _serve_description(_request: Request) -> Response:  # ruff: ignore[unused-async]
    return _answer(read_description())
