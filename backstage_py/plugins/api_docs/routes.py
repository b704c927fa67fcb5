"""The routes of the API plugin. Source of the ids: `@backstage/plugin-api-docs`."""

import base64
import functools
import hashlib
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from backstage_py.analytics import CATALOG_ENTITY_READ, GuardedRoute, get_recorder
from backstage_py.plugins.api_docs.service import definition_text
from backstage_py.plugins.catalog.api import EntityRef, see_catalog
from backstage_py.portal.routes import RouteRef

API_DOCS = RouteRef("api-docs", "/api-docs")
DEFINITIONS = "/api/api-docs/definitions"
ASYNCAPI_FRAME = "/api/api-docs/asyncapi-frame"
_COMPONENTS = Path(__file__).parent / "components"
_FRAME_POLICY = {
    "sandbox": "allow-scripts",
    "default-src": "'none'",
    # The page hands the viewer over as text, and its parser compiles schemas.
    "script-src": "'unsafe-eval' 'sha256-{script_hash}'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
"""What the frame of AsyncAPI's viewer may do: run what the page gives it, and reach nobody."""


def definition_path(ref: EntityRef) -> str:
    """The path at which the text of an API's definition is served."""
    return f"{DEFINITIONS}/{quote(ref.namespace, safe='')}/{quote(ref.name, safe='')}"


def definition_routes() -> list[Route]:
    """The routes of the texts, which may be large, and of the frame that draws some of them."""
    return [
        GuardedRoute(ASYNCAPI_FRAME, _serve_frame, methods=["GET"], access=CATALOG_ENTITY_READ),
        GuardedRoute(
            f"{DEFINITIONS}/{{namespace}}/{{name}}",
            _serve,
            methods=["GET"],
            access=CATALOG_ENTITY_READ,
        ),
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


async def _serve_frame(_: Request) -> Response:  # ruff: ignore[unused-async]
    page, policy = _build_frame()
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return HTMLResponse(page, headers=headers)


@functools.cache
def _build_frame() -> tuple[str, str]:
    """The frame's page with its script in it, and its policy."""
    script = (_COMPONENTS / "asyncapi_frame.js").read_text(encoding="utf-8")
    page = (_COMPONENTS / "asyncapi_frame.html").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = "; ".join(f"{name} {values}" for name, values in _FRAME_POLICY.items())
    return page.replace("{script}", script), policy.replace("{script_hash}", digest)
