"""The routes below `/api/scaffolder`, for scripts that were written for Backstage's scaffolder.

Source of the shape: `createRouter` of `@backstage/plugin-scaffolder-backend`.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics import get_recorder
from backstage_py.plugins.scaffolder.api.wire import (
    write_action,
    write_dry_run,
    write_events,
    write_task,
)
from backstage_py.plugins.scaffolder.service import (
    DEFAULT_LIMIT,
    InvalidValuesError,
    NotAllowedError,
    Scaffolder,
    ScaffolderError,
    TaskNotFoundError,
    TaskStateError,
    TaskStatus,
    TemplateNotFoundError,
    build_entity,
    get_scaffolder,
)
from backstage_py.plugins.scaffolder.template_reader import read_template

PREFIX = "/api/scaffolder"
MAX_BODY_BYTES = 16 * 1024 * 1024
STATUSES = ("open", "processing", "completed", "failed", "cancelled")

Identify = Callable[[Mapping[str, str]], str | None]
"""Tells who a request is from, by its headers; None for nobody."""
HasConsent = Callable[[Mapping[str, str]], bool]
"""Tells whether who sends a request lets analytics record them, by its headers."""


class InputError(Exception):
    """A request that cannot be read; the message names the field, the value and the mend."""


class UnknownUserError(Exception):
    """Nobody is signed in."""


_STATUS_BY_ERROR: Mapping[type[Exception], tuple[int, str]] = {
    TemplateNotFoundError: (404, "NotFoundError"),
    TaskNotFoundError: (404, "NotFoundError"),
    UnknownUserError: (401, "AuthenticationError"),
    NotAllowedError: (403, "NotAllowedError"),
    TaskStateError: (409, "ConflictError"),
    InputError: (400, "InputError"),
    ScaffolderError: (400, "InputError"),
    SQLAlchemyError: (503, "ServiceUnavailableError"),
}


class ScaffolderApi:
    """Answers who is signed in."""

    def __init__(
        self,
        scaffolder: Scaffolder,
        *,
        identify: Identify,
        has_consent: HasConsent = lambda _headers: True,
    ) -> None:
        self._scaffolder = scaffolder
        self._identify = identify
        self._has_consent = has_consent

    def routes(self) -> list[Route]:
        """The routes, each below `/api/scaffolder`."""
        return [
            self._route("GET", "/v2/actions", self._list_actions),
            self._route("GET", "/v2/tasks", self._list_tasks),
            self._route("POST", "/v2/tasks", self._create_task),
            self._route("GET", "/v2/tasks/{id}", self._get_task),
            self._route("GET", "/v2/tasks/{id}/events", self._list_events),
            self._route("POST", "/v2/tasks/{id}/cancel", self._cancel),
            self._route("POST", "/v2/tasks/{id}/retry", self._retry),
            self._route("POST", "/v2/dry-run", self._dry_run),
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
            raise NotAllowedError("Origin: is another site; use your own host")
        body = await _read_body(request) if request.method == "POST" else {}
        return _Call(user, request, body)

    def _list_actions(self, _call: "_Call") -> Response:
        return _answer([write_action(action) for action in self._scaffolder.list_actions()])

    def _list_tasks(self, call: "_Call") -> Response:
        status = call.query("status")
        if status is not None and status not in STATUSES:
            raise InputError(f"status: {status[:40]!r} is none; use one of {', '.join(STATUSES)}")
        page = self._scaffolder.list_tasks(
            created_by=call.query("createdBy"),
            status=cast("TaskStatus | None", status),
            offset=call.whole("offset", 0),
            limit=call.whole("limit", DEFAULT_LIMIT),
        )
        tasks = [write_task(task) for task in page.items]
        return _answer({"tasks": tasks, "totalTasks": page.total})

    def _create_task(self, call: "_Call") -> Response:
        task_id = self._scaffolder.create_task(
            call.text("templateRef"),
            call.mapping("values"),
            user=call.user,
            secrets=call.secrets(),
            is_recorded=self._has_consent(call.headers),
        )
        return _answer({"id": task_id}, status=201)

    def _get_task(self, call: "_Call") -> Response:
        return _answer(write_task(self._scaffolder.get_task(call.task_id)))

    def _list_events(self, call: "_Call") -> Response:
        after = call.whole("after", 0)
        task = self._scaffolder.get_task(call.task_id)
        lines = self._scaffolder.read_log(call.task_id, after=after)
        return _answer(write_events(task, lines, after=after))

    def _cancel(self, call: "_Call") -> Response:
        self._scaffolder.cancel(call.task_id, user=call.user)
        return _answer({"status": self._scaffolder.get_task(call.task_id).status})

    def _retry(self, call: "_Call") -> Response:
        self._scaffolder.retry(call.task_id, user=call.user, secrets=call.secrets())
        return _answer({"id": call.task_id}, status=201)

    def _dry_run(self, call: "_Call") -> Response:
        template = read_template(build_entity(call.body.get("template")))
        run = self._scaffolder.dry_run(
            template,
            call.mapping("values"),
            user=call.user,
            secrets=call.secrets(),
            files=_read_files(call.body.get("directoryContents", [])),
        )
        return _answer(write_dry_run(run))


class _Call:
    """A request, its parameters and its body, and who sent it."""

    def __init__(self, user: str, request: Request, body: Mapping[str, Any]) -> None:
        self.user = user
        self.body = body
        self._request = request

    @property
    def task_id(self) -> str:
        return self._request.path_params["id"]

    @property
    def headers(self) -> Mapping[str, str]:
        return dict(self._request.headers)

    def query(self, name: str) -> str | None:
        return self._request.query_params.get(name)

    def whole(self, name: str, default: int) -> int:
        text = self.query(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 16):  # ruff: ignore[magic-value-comparison] fits any database
            raise InputError(f"{name}: {text[:40]!r} is no whole number; use one from 0")
        return int(text)

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise InputError(f"{name}: must be a text that is not empty")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self.body.get(name, {})
        if not isinstance(value, dict):
            raise InputError(f"{name}: must be an object")
        return value

    def secrets(self) -> Mapping[str, str]:
        given = self.mapping("secrets")
        if not all(isinstance(one, str) for one in given.values()):
            raise InputError("secrets: must be an object of texts")
        return given


def scaffolder_api_routes() -> list[Route]:
    """The routes of this process's software templates."""
    recorder = get_recorder()
    api = ScaffolderApi(
        get_scaffolder(), identify=recorder.identify, has_consent=recorder.consent.is_given
    )
    return api.routes()


def _read_files(given: Any) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for number, one in enumerate(given if isinstance(given, list) else [given]):
        where = f"directoryContents[{number}]"
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            raise InputError(f"{where}: must be an object with path and base64Content")
        try:
            content = base64.b64decode(str(one.get("base64Content", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(f"{where}.base64Content: must be base64") from error
        files[one["path"]] = content
    return files


async def _read_body(request: Request) -> Mapping[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InputError(f"body: must have at most {MAX_BODY_BYTES} bytes")
    if media_type != "application/json":
        raise InputError(f"Content-Type: {media_type[:60]!r} is another; use application/json")
    try:
        value = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise InputError(f"body: must be JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError("body: must be an object")
    return value


def _answer(content: Any, *, status: int = 200) -> Response:
    body = orjson.dumps(content)
    return Response(body, status_code=status, media_type="application/json")


def _refuse(request: Request, error: Exception) -> Response:
    status, name = next(
        found for kind, found in _STATUS_BY_ERROR.items() if isinstance(error, kind)
    )
    is_down = isinstance(error, SQLAlchemyError)
    answer: dict[str, Any] = {
        "error": {
            "name": name,
            "message": "The database does not answer" if is_down else str(error),
        },
        "request": {"method": request.method, "url": request.url.path},
        "response": {"statusCode": status},
    }
    if isinstance(error, InvalidValuesError):
        answer["errors"] = [
            {"page": one.page, "path": list(one.path), "message": one.message}
            for one in error.errors
        ]
    return _answer(answer, status=status)
