"""`POST /api/settings/events`: a person's own events as a file of JSON lines.

The server identifies the person by the request's cookie; a guest's browser sends its visit in the
form's field `session`, so that it does not appear in an address.
"""

from anyio import to_thread
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from backstage_py.analytics import SIGNED_IN, GuardedRoute, get_recorder
from backstage_py.plugins.settings.routes import EXPORT_PATH
from backstage_py.plugins.settings.service import get_own_record

_SESSION_CHARACTERS = 64
_FORM_BYTES = 1_024
_HEADERS = {
    "Content-Disposition": 'attachment; filename="my-events.jsonl"',
    "Cache-Control": "no-store",
}


def export_route() -> GuardedRoute:
    """The route that serves it."""
    return GuardedRoute(EXPORT_PATH, _export, methods=["POST"], access=SIGNED_IN)


async def _export(request: Request) -> Response:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _FORM_BYTES:
        return PlainTextResponse("Send the form of the settings\n", status_code=413)
    async with request.form() as form:
        session = form.get("session")
    session_id = session if isinstance(session, str) else ""
    user = await to_thread.run_sync(get_recorder().identify, request.headers)
    person = get_own_record().person(user, session_id[:_SESSION_CHARACTERS])
    lines = iterate_in_threadpool(get_own_record().export(person))
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=_HEADERS)
