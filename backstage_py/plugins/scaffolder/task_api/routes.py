"""The routes below `/api/scaffolder`, for scripts that were written for Backstage's scaffolder.

Source of the shape: `createRouter` of `@backstage/plugin-scaffolder-backend`.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, cast

from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CANCEL,
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TASK_READ,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    SCAFFOLDER_TEMPLATE_STEP_READ,
    get_recorder,
)
from backstage_py.plugins.scaffolder.errors import (
    InvalidValuesError,
    NotAllowedError,
    ScaffolderError,
    TaskNotFoundError,
    TaskStateError,
    TemplateNotFoundError,
)
from backstage_py.plugins.scaffolder.service import DEFAULT_LIMIT, Scaffolder, get_scaffolder
from backstage_py.plugins.scaffolder.task_api.wire import (
    write_action,
    write_dry_run,
    write_events,
    write_task,
)
from backstage_py.plugins.scaffolder.tasks.task import TaskStatus
from backstage_py.plugins.scaffolder.templates.document_schema import build_document_schema
from backstage_py.plugins.scaffolder.templates.reader import build_entity, read_template
from backstage_py.portal.json_api import (
    Identify,
    InputError,
    JsonApi,
    JsonCall,
    Statuses,
    json_answer,
)
from backstage_py.portal.slow_work import fetching

PREFIX = "/api/scaffolder"
MAX_BODY_BYTES = 16 * 1024 * 1024
STATUSES = ("open", "processing", "completed", "failed", "cancelled")

HasConsent = Callable[[Mapping[str, str]], bool]
"""Returns whether the sender of a request may be recorded, by its headers."""


_STATUSES: Statuses = {
    TemplateNotFoundError: (404, "NotFoundError"),
    TaskNotFoundError: (404, "NotFoundError"),
    NotAllowedError: (403, "NotAllowedError"),
    TaskStateError: (409, "ConflictError"),
    ScaffolderError: (400, "InputError"),
}


class ScaffolderApi:
    """The API, for signed-in users."""

    def __init__(
        self,
        scaffolder: Scaffolder,
        *,
        identify: Identify,
        has_consent: HasConsent = lambda _headers: True,
    ) -> None:
        self._scaffolder = scaffolder
        self._has_consent = has_consent
        api = JsonApi(PREFIX, identify, _STATUSES, MAX_BODY_BYTES, _list_field_errors)
        self._route = api.route

    def routes(self) -> list[Route]:
        """The routes, each below `/api/scaffolder`."""
        return [
            self._route(
                "GET", "/v2/actions", self._list_actions, access=SCAFFOLDER_TEMPLATE_STEP_READ
            ),
            self._route(
                "GET",
                "/v2/template-schema",
                self._show_schema,
                access=SCAFFOLDER_TEMPLATE_MANAGEMENT,
            ),
            self._route("GET", "/v2/tasks", self._list_tasks, access=SCAFFOLDER_TASK_READ),
            self._route("POST", "/v2/tasks", self._create_task, access=SCAFFOLDER_TASK_CREATE),
            self._route("GET", "/v2/tasks/{id}", self._get_task, access=SCAFFOLDER_TASK_READ),
            self._route(
                "GET", "/v2/tasks/{id}/events", self._list_events, access=SCAFFOLDER_TASK_READ
            ),
            self._route(
                "POST", "/v2/tasks/{id}/cancel", self._cancel, access=SCAFFOLDER_TASK_CANCEL
            ),
            self._route("POST", "/v2/tasks/{id}/retry", self._retry, access=SCAFFOLDER_TASK_CREATE),
            self._route(
                "POST",
                "/v2/dry-run",
                self._dry_run,
                access=SCAFFOLDER_TEMPLATE_MANAGEMENT,
                slow=fetching,
            ),
        ]

    def _list_actions(self, _call: JsonCall) -> Response:
        return json_answer([write_action(action) for action in self._scaffolder.list_actions()])

    def _show_schema(self, _call: JsonCall) -> Response:
        return json_answer(build_document_schema(self._scaffolder.list_actions()))

    def _list_tasks(self, call: JsonCall) -> Response:
        status = call.query("status")
        if status is not None and status not in STATUSES:
            raise InputError("status", status[:40], f"must be one of {', '.join(STATUSES)}")
        page = self._scaffolder.list_tasks(
            user=call.user,
            created_by=call.query("createdBy"),
            status=cast("TaskStatus | None", status),
            offset=call.whole("offset", 0),
            limit=call.whole("limit", DEFAULT_LIMIT),
        )
        tasks = [write_task(task) for task in page.items]
        return json_answer({"tasks": tasks, "totalTasks": page.total})

    def _create_task(self, call: JsonCall) -> Response:
        task_id = self._scaffolder.create_task(
            call.text("templateRef"),
            call.mapping("values"),
            user=call.user,
            secrets=_secrets(call),
            is_recorded=self._has_consent(dict(call.request.headers)),
        )
        return json_answer({"id": task_id}, status=201)

    def _get_task(self, call: JsonCall) -> Response:
        return json_answer(write_task(self._scaffolder.get_task(_task_id(call), user=call.user)))

    def _list_events(self, call: JsonCall) -> Response:
        after = call.whole("after", 0)
        task = self._scaffolder.get_task(_task_id(call), user=call.user)
        lines = self._scaffolder.read_log(_task_id(call), user=call.user, after=after)
        return json_answer(write_events(task, lines, after=after))

    def _cancel(self, call: JsonCall) -> Response:
        self._scaffolder.cancel(_task_id(call), user=call.user)
        return json_answer(
            {"status": self._scaffolder.get_task(_task_id(call), user=call.user).status}
        )

    def _retry(self, call: JsonCall) -> Response:
        self._scaffolder.retry(_task_id(call), user=call.user, secrets=_secrets(call))
        return json_answer({"id": _task_id(call)}, status=201)

    def _dry_run(self, call: JsonCall) -> Response:
        template = read_template(build_entity(call.body.get("template")))
        run = self._scaffolder.dry_run(
            template,
            call.mapping("values"),
            user=call.user,
            secrets=_secrets(call),
            files=_read_files(call.body.get("directoryContents", [])),
        )
        return json_answer(write_dry_run(run))


def _task_id(call: JsonCall) -> str:
    return call.request.path_params["id"]


def _secrets(call: JsonCall) -> Mapping[str, str]:
    given = call.mapping("secrets")
    if not all(isinstance(one, str) for one in given.values()):
        raise InputError("secrets", "***", "must be an object of texts")
    return given


def scaffolder_api_routes() -> list[Route]:
    """The routes of this process's software templates."""
    recorder = get_recorder()
    api = ScaffolderApi(
        get_scaffolder(),
        identify=recorder.identify,
        has_consent=recorder.has_consent,
    )
    return api.routes()


def _read_files(given: Any) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for number, one in enumerate(given if isinstance(given, list) else [given]):
        where = f"directoryContents[{number}]"
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            raise InputError(where, None, "must be an object with path and base64Content")
        try:
            content = base64.b64decode(str(one.get("base64Content", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(f"{where}.base64Content", None, "must be base64") from error
        files[one["path"]] = content
    return files


def _list_field_errors(error: Exception) -> Mapping[str, Any]:
    if not isinstance(error, InvalidValuesError):
        return {}
    return {
        "errors": [
            {"page": one.page, "path": list(one.path), "message": one.message}
            for one in error.errors
        ]
    }
