"""The form of a template: its pages, and the server's checks of the values."""

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    SCAFFOLDER_TEMPLATE_PARAMETER_READ,
    access,
    get_recorder,
    use_analytics,
    utc_now,
)
from backstage_py.plugins.catalog.api import get_catalog, visible_catalog
from backstage_py.plugins.scaffolder.errors import (
    InvalidValuesError,
    NotAllowedError,
    TaskNotFoundError,
    TemplateNotFoundError,
)
from backstage_py.plugins.scaffolder.routes import TASK
from backstage_py.plugins.scaffolder.rows import (
    DryRunRow,
    ProblemRow,
    WizardRow,
    build_dry_run,
    build_problems,
    build_wizard,
)
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.state.attempt import attempt
from backstage_py.plugins.scaffolder.tasks.outcome import create_subject
from backstage_py.plugins.scaffolder.templates.template import Template
from backstage_py.plugins.settings.api import get_feature_flags
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

NO_ANSWER = "The database is not responding. Nothing was created."


@access(SCAFFOLDER_TEMPLATE_PARAMETER_READ)
class WizardState(rx.State):
    """One visit of a template's form; the values are in the browser until they are sent."""

    template: rx.Field[WizardRow] = rx.field(default_factory=WizardRow)
    shown_ref: rx.Field[str] = rx.field("")
    visit: rx.Field[str] = rx.field("")
    initial: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    user: rx.Field[str] = rx.field("")
    owner_refs: rx.Field[list[str]] = rx.field(default_factory=list)
    problems: rx.Field[list[ProblemRow]] = rx.field(default_factory=list)
    ticket: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    dry_run: rx.Field[DryRunRow] = rx.field(default_factory=DryRunRow)
    is_tried: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the form of the template in the address."""
        params = {key: str(value) for key, value in self.router_data.get("query", {}).items()}
        ref = f"template:{params['namespace']}/{params['name']}".lower()
        self._forget_answer()
        self.is_busy = self.is_tried = False
        self.user = current_user(self)
        self.owner_refs = list(get_catalog().list_owner_refs(self.user))
        flags = get_feature_flags().list_on(self.user)
        try:
            template = get_scaffolder().get_template(ref, user=self.user, flags=flags)
            self.template = build_wizard(template, visible_catalog(self))
        except TemplateNotFoundError:
            self.template, self.is_missing = WizardRow(), True
        except NotAllowedError as error:
            self.template, self.is_missing = WizardRow(problem=str(error)), False
        else:
            self.is_missing = False
            self.initial = _read_initial(self.router.url.query, ref, user=self.user)
        self.visit, self.shown_ref = uuid.uuid4().hex, ref

    @rx.event
    def forget_answer(self) -> None:
        """Clear the problems, since a value has changed."""
        self.message, self.is_tried = "", False

    @rx.event
    @access(SCAFFOLDER_TASK_CREATE)
    async def create(self, values: dict[str, Any], secrets: dict[str, Any]) -> Any:
        """Run the template; problems of values are shown at their fields."""
        if self.is_busy:
            return
        self._forget_answer()
        self.is_busy = True
        yield
        user, ref = current_user(self) or None, self.shown_ref
        is_recorded = get_recorder().has_consent(self.router.headers.raw_headers)
        task_id, refusal = await attempt(
            lambda: get_scaffolder().create_task(
                ref, values, user=user, secrets=_texts(secrets), is_recorded=is_recorded
            )
        )
        self.is_busy = False
        self._tell(refusal)
        if task_id is not None:
            _capture_create(get_scaffolder().get_template(ref, user=user), values)
            yield rx.redirect(TASK.link(id=task_id))

    @rx.event(background=True)
    @access(SCAFFOLDER_TEMPLATE_MANAGEMENT)
    async def try_out(self, values: dict[str, Any], secrets: dict[str, Any]) -> None:
        """Run the template in a dry run and show the result."""
        async with self:
            if self.is_busy:
                return
            self._forget_answer()
            self.is_busy, self.is_tried = True, False
            user, ref = current_user(self) or None, self.shown_ref
        run, refusal = await attempt(
            lambda: get_scaffolder().dry_run(
                get_scaffolder().get_template(ref, user=user),
                values,
                user=user,
                secrets=_texts(secrets),
            ),
            slow_for=user or "",
        )
        async with self:
            self.is_busy = False
            self._tell(refusal)
            if run is not None and self.shown_ref == ref:
                self.dry_run, self.is_tried = build_dry_run(run, now=utc_now()), True

    def _forget_answer(self) -> None:
        self.problems, self.message = [], ""

    def _tell(self, refusal: Exception | None) -> None:
        """Show why something was not done, at the fields where it can be."""
        if isinstance(refusal, InvalidValuesError):
            self.problems, self.ticket = build_problems(refusal.errors), uuid.uuid4().hex
            self.message = "" if self.template.pages else str(refusal)
        elif isinstance(refusal, SQLAlchemyError):
            self.message = NO_ANSWER
        elif refusal is not None:
            self.message = str(refusal)


def _capture_create(template: Template, values: Mapping[str, Any]) -> None:
    """The key event: the task is accepted. Its end is an event of its own."""
    use_analytics().capture_event(
        "create", create_subject(template, values), value=template.minutes_saved
    )


def _texts(secrets: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in secrets.items()}


def _read_initial(query: str, template_ref: str, *, user: str) -> dict[str, Any]:
    """The address's initial values: `formData` as JSON, or the values of the user's own task."""
    params = parse_qs(query.lstrip("?"))
    if "task" in params:
        return _read_task(params["task"][-1], template_ref, user=user)
    try:
        values = json.loads(params.get("formData", ["{}"])[-1])
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _read_task(task_id: str, template_ref: str, *, user: str) -> dict[str, Any]:
    try:
        task = get_scaffolder().get_task(task_id, user=user)
    except (TaskNotFoundError, SQLAlchemyError) as error:
        _logger.info("No values to begin with: %s", error)
        return {}
    is_theirs = task.created_by == user and task.template_ref == template_ref
    return dict(task.values) if is_theirs else {}
