"""The routes of the API plugin. Source of the ids: `@backstage/plugin-api-docs`."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from backstage_py.analytics import CATALOG_ENTITY_READ, GuardedRoute, get_recorder
from backstage_py.plugins.api_docs.service import definition_text
from backstage_py.plugins.catalog.api import EntityRef, see_catalog
from backstage_py.portal.routes import RouteRef

API_DOCS = RouteRef("api-docs", "/api-docs")
DEFINITIONS = "/api/api-docs/definitions"


def definition_path(ref: EntityRef) -> str:
    """The path at which the text of an API's definition is served."""
    return f"{DEFINITIONS}/{quote(ref.namespace, safe='')}/{quote(ref.name, safe='')}"


def definition_routes() -> list[Route]:
    """The route of the texts, which may be large; it is for signed-in users."""
    return [
        GuardedRoute(
            f"{DEFINITIONS}/{{namespace}}/{{name}}",
            _serve,
            methods=["GET"],
            access=CATALOG_ENTITY_READ,
        )
    ]


async def _serve(request: Request) -> Response:  # ruff: ignore[unused-async]
    user = get_recorder().identify(dict(request.headers))
    if not user:
        return PlainTextResponse("Sign in first", status_code=401)
    params = request.path_params
    entity = see_catalog(user).find_entity("api", params["namespace"], params["name"])
    text = definition_text(entity) if entity else None
    if text is None:
        return PlainTextResponse("There is no definition here", status_code=404)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    return PlainTextResponse(text, headers=headers)
