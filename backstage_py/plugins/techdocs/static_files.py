"""Serves the files of documentation, such as images and downloads. None of them may run.

Anyone with write access to a repository can write them, and they are served from the portal's own
origin: files that a browser might show as a page are sent as downloads.
"""

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from backstage_py.analytics import CATALOG_ENTITY_READ, GuardedRoute, IdentityApi
from backstage_py.plugins.catalog.api import CatalogReader
from backstage_py.plugins.techdocs.addresses import STATIC
from backstage_py.plugins.techdocs.documented import get_docs_entity
from backstage_py.plugins.techdocs.errors import DocsError
from backstage_py.plugins.techdocs.service import TechDocsService

_SHOWN = {
    **{f".{name}": f"image/{name}" for name in ("png", "gif", "webp", "avif", "bmp")},
    **dict.fromkeys((".jpg", ".jpeg"), "image/jpeg"),
    ".ico": "image/x-icon",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
}
_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class StaticFiles:
    """The route of the files, for signed-in users."""

    def __init__(
        self,
        techdocs: TechDocsService,
        see_catalog: Callable[[str], CatalogReader],
        identity: IdentityApi,
    ) -> None:
        self._techdocs = techdocs
        self._see_catalog = see_catalog
        self._identity = identity

    def routes(self) -> list[Route]:
        """The route."""
        path = f"{STATIC}/{{namespace}}/{{kind}}/{{name}}/{{path:path}}"
        return [GuardedRoute(path, self._serve, methods=["GET"], access=CATALOG_ENTITY_READ)]

    async def _serve(self, request: Request) -> Response:
        user = self._identity.identify(dict(request.headers))
        if not user:
            return PlainTextResponse("Sign in first", status_code=401)
        params = request.path_params
        try:
            data = await run_in_threadpool(self._read, user, params)
        except DocsError:
            return PlainTextResponse("There is no such file here", status_code=404)
        return build_response(params["path"], data, request.headers.get("If-None-Match", ""))

    def _read(self, user: str, params: dict[str, str]) -> bytes:
        catalog = self._see_catalog(user)
        entity = catalog.find_entity(params["kind"], params["namespace"], params["name"])
        if entity is None:
            raise DocsError
        get_docs_entity(catalog, entity)
        return self._techdocs.get_site(entity).read(params["path"])


def build_response(path: str, data: bytes, known: str = "") -> Response:
    """The response with a file; `known` is the browser's ETag."""
    etag = f'"{hashlib.blake2b(data, digest_size=16).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": _NOTHING_RUNS,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if known == etag:
        return Response(status_code=304, headers=headers)
    name = PurePosixPath(path).name
    type_ = _SHOWN.get(PurePosixPath(name.lower()).suffix)
    if type_ is None:
        headers["Content-Disposition"] = "attachment"
    return Response(data, media_type=type_ or "application/octet-stream", headers=headers)
