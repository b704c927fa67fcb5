"""A template being edited: its form, its mistakes, and its dry run.

The text and the files beside it stay in the browser. The server reads them for checks and dry runs,
and stores neither.
"""

import base64
import binascii
import uuid
from collections.abc import Mapping
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SCAFFOLDER_TEMPLATE_MANAGEMENT, access, utc_now
from backstage_py.plugins.catalog.api import get_catalog, see_catalog
from backstage_py.plugins.scaffolder.errors import InvalidValuesError, TemplateError
from backstage_py.plugins.scaffolder.rows import (
    DryRunRow,
    EditorProblemRow,
    ProblemRow,
    WizardRow,
    build_dry_run,
    build_editor_problems,
    build_problems,
    build_wizard,
)
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.state.attempt import attempt
from backstage_py.plugins.scaffolder.tasks.task import DryRun
from backstage_py.plugins.scaffolder.templates.checking import CheckedTemplate, check_template
from backstage_py.portal.session import current_user
from backstage_py.portal.slow_work import TooBusyError, rendering

NO_ANSWER = "The database is not responding. Nothing was run."


@access(SCAFFOLDER_TEMPLATE_MANAGEMENT)
class EditorState(rx.State):
    """One visit of the editor."""

    user: rx.Field[str] = rx.field("")
    owner_refs: rx.Field[list[str]] = rx.field(default_factory=list)
    template: rx.Field[WizardRow] = rx.field(default_factory=WizardRow)
    problems: rx.Field[list[EditorProblemRow]] = rx.field(default_factory=list)
    checked: rx.Field[int] = rx.field(0)
    is_stale: rx.Field[bool] = rx.field(False)
    form_problems: rx.Field[list[ProblemRow]] = rx.field(default_factory=list)
    ticket: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    unchecked: rx.Field[str] = rx.field("")
    is_busy: rx.Field[bool] = rx.field(False)
    dry_run: rx.Field[DryRunRow] = rx.field(default_factory=DryRunRow)
    tried: rx.Field[str] = rx.field("")

    @rx.event
    def load(self) -> None:
        """Reset the editor."""
        self.user = current_user(self)
        self.owner_refs = list(get_catalog().list_owner_refs(self.user))
        self.template, self.problems, self.checked = WizardRow(), [], 0
        self.is_stale = self.is_busy = False
        self.unchecked = ""
        self._forget_run()

    @rx.event(background=True)
    async def check(self, text: str, files: list[dict[str, str]], number: int) -> None:
        """Check the text; of several checks the one with the highest number counts.

        Args:
            text: The YAML.
            files: Files beside the template that it names, each with `path` and `base64Content`.
            number: The number of the check, counted by the browser.
        """
        async with self:
            user = current_user(self)
        try:
            checked = await rendering.run(user, _check, text, files)
        except (TemplateError, TooBusyError) as error:
            async with self:
                self.unchecked = str(error)
            return
        async with self:
            self.unchecked = ""
            if number <= self.checked:
                return
            self.checked, self.problems = number, build_editor_problems(checked.problems)
            self.is_stale = checked.template is None
            if checked.template is not None:
                self.template = build_wizard(checked.template, see_catalog(user))

    @rx.event
    def forget_run(self) -> None:
        """Hide the last dry run, since another template is open."""
        self._forget_run()

    @rx.event(background=True)
    async def try_out(
        self,
        text: str,
        files: list[dict[str, str]],
        values: dict[str, Any],
        secrets: dict[str, Any],
    ) -> None:
        """Try out the text as a template, with the files beside it, and show the result."""
        async with self:
            if self.is_busy:
                return
            self._forget_run()
            self.is_busy = True
            user = current_user(self) or None
        run, refusal = await attempt(
            lambda: _try_out(text, files, values, secrets, user), slow_for=user or ""
        )
        async with self:
            self.is_busy = False
            self._tell(refusal)
            if run is not None:
                self.dry_run, self.tried = build_dry_run(run, now=utc_now()), uuid.uuid4().hex

    def _forget_run(self) -> None:
        self.form_problems, self.message = [], ""
        self.dry_run, self.tried = DryRunRow(), ""

    def _tell(self, refusal: Exception | None) -> None:
        if isinstance(refusal, InvalidValuesError):
            self.form_problems = build_problems(refusal.errors)
            self.ticket = uuid.uuid4().hex
            self.message = "" if self.template.pages else str(refusal)
        elif isinstance(refusal, SQLAlchemyError):
            self.message = NO_ANSWER
        elif refusal is not None:
            self.message = str(refusal)


def _check(text: str, files: list[dict[str, str]]) -> CheckedTemplate:
    actions = {one.id: one for one in get_scaffolder().list_actions()}
    return check_template(text, actions, _read_files(files))


def _try_out(
    text: str,
    files: list[dict[str, str]],
    values: Mapping[str, Any],
    secrets: Mapping[str, Any],
    user: str | None,
) -> DryRun:
    beside = _read_files(files)
    return get_scaffolder().dry_run(
        get_scaffolder().parse_template(text, beside),
        values,
        user=user,
        secrets={name: str(value) for name, value in secrets.items()},
        files=beside,
    )


def _read_files(files: list[dict[str, str]]) -> dict[str, bytes]:
    try:
        return {one["path"]: base64.b64decode(one["base64Content"], validate=True) for one in files}
    except (KeyError, TypeError, AttributeError, binascii.Error, ValueError) as error:
        raise TemplateError(
            "the files beside the template cannot be read; open them again"
        ) from error
