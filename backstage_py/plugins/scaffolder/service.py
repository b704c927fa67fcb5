"""The software templates as a service, independent of pages and browsers."""

import atexit
import functools
import logging
import threading
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CANCEL,
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TASK_READ,
    SCAFFOLDER_TEMPLATE_PARAMETER_READ,
    Clock,
    Refusal,
    get_signals,
    load_config,
    utc_now,
)
from backstage_py.plugins.catalog.api import (
    CatalogService,
    Entity,
    EntityFilter,
    Integrations,
    SearchIndex,
    get_catalog,
    get_integrations,
    get_registrations,
    see_catalog,
)
from backstage_py.plugins.scaffolder.actions.action import Action, Requester
from backstage_py.plugins.scaffolder.actions.catalog_entities import CatalogActions, Registering
from backstage_py.plugins.scaffolder.actions.installed import (
    ActionRegistry,
    build_actions,
    build_notification_action,
    build_service_actions,
    build_utilities,
)
from backstage_py.plugins.scaffolder.actions.notification import NotificationSender
from backstage_py.plugins.scaffolder.actions.publish import PublishActions
from backstage_py.plugins.scaffolder.actions.services.service import Services
from backstage_py.plugins.scaffolder.errors import (
    FieldError,
    InvalidValuesError,
    NotAllowedError,
    TaskNotFoundError,
    TaskStateError,
    TemplateError,
)
from backstage_py.plugins.scaffolder.expressions.extensions import TemplateExtensions
from backstage_py.plugins.scaffolder.expressions.isolated_renderer import IsolatedRenderer
from backstage_py.plugins.scaffolder.expressions.renderer import Renderer
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.rights import Rights
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.tasks.checkpoints import Checkpoints
from backstage_py.plugins.scaffolder.tasks.claims import TaskClaims
from backstage_py.plugins.scaffolder.tasks.dry_run import DryRunner
from backstage_py.plugins.scaffolder.tasks.notices import Notices
from backstage_py.plugins.scaffolder.tasks.outcome import (
    Record,
    build_outcome,
    record_outcome,
)
from backstage_py.plugins.scaffolder.tasks.runner import TaskRunner
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.store import TaskStore
from backstage_py.plugins.scaffolder.tasks.tables import TASK_CHANGED, OnChange, open_database
from backstage_py.plugins.scaffolder.tasks.task import (
    DryRun,
    LogLine,
    Task,
    TaskPage,
    TaskStatus,
)
from backstage_py.plugins.scaffolder.tasks.worker import TaskWorker
from backstage_py.plugins.scaffolder.templates.form_values import (
    check_all,
    check_page,
    check_secrets,
)
from backstage_py.plugins.scaffolder.templates.listing import count_facets, select_templates
from backstage_py.plugins.scaffolder.templates.reader import (
    TEMPLATE_KIND,
    parse_entity,
    read_template,
)
from backstage_py.plugins.scaffolder.templates.source import CatalogSource, GivenSource
from backstage_py.plugins.scaffolder.templates.template import (
    API_VERSION,
    Template,
    TemplateFacets,
    TemplateFilter,
)
from backstage_py.portal.permissions import find_condition
from backstage_py.storage import open_engine

_logger = logging.getLogger(__name__)

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
LOG_LIMIT = 1_000
MAX_VALUES_BYTES = 1_000_000
MAX_SECRET_CHARACTERS = 100_000
"""The maximum length of all secrets of a task together."""
MAX_DRY_RUNS = 3


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The parts that templates need: the catalog, the owner's settings, the database and more.

    `open_renderer` opens a renderer of expressions, given JavaScript sources of further filters
    and globals; `record` records the events of tasks' ends.
    `integrations` are the services that steps may reach, `portal` is the portal's own address.
    `rights` limits what users may do; without it they may do everything. `on_change` is called
    with the id of each task that has changed.
    """

    catalog: CatalogService
    registrations: Registering
    engine: Engine
    settings: ScaffolderSettings
    base_dir: Path
    now: Clock = utc_now
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    record: Record = record_outcome
    open_renderer: Callable[[Sequence[str]], AbstractContextManager[Renderer]] = IsolatedRenderer
    integrations: Integrations = field(default_factory=Integrations)
    portal: str = ""
    rights: Rights | None = None
    on_change: OnChange = lambda _task_id: None


class Scaffolder:
    """The templates of the catalog, and their tasks; usable from any thread.

    Methods that use tasks raise `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, deps: Dependencies) -> None:
        self._deps = deps
        self._catalog = deps.catalog
        self._rights = deps.rights or Rights(lambda _user: deps.catalog)
        self.template_extensions = TemplateExtensions()
        database = open_database(deps.engine)
        self._store = TaskStore(database, deps.on_change)
        claims = TaskClaims(database, deps.on_change)
        publish = PublishActions(deps.settings, deps.base_dir, deps.now)
        services = Services(deps.integrations, deps.settings, deps.now)
        self._actions = ActionRegistry(
            [
                *build_actions(
                    CatalogActions(self._rights.see_catalog, deps.registrations), publish
                ),
                *build_utilities(),
                *build_service_actions(services, portal=deps.portal),
            ]
        )
        runner = TaskRunner(
            store=self._store,
            claims=claims,
            checkpoints=Checkpoints(deps.base_dir / deps.settings.working_directory),
            actions=self._actions,
            open_source=lambda entity: CatalogSource(deps.catalog, entity),
            open_renderer=self._open_renderer,
            now=deps.now,
            note_end=self._note_end,
            environment=deps.settings.default_environment,
            hidden=deps.integrations.secrets,
        )
        self.worker = TaskWorker(
            claims,
            runner,
            limit=deps.settings.concurrent_tasks_limit,
            keep_failed=deps.settings.keep_failed,
            now=deps.now,
        )
        self._dry_runner = DryRunner(
            self._actions,
            self._open_renderer,
            deps.now,
            deps.settings.default_environment,
            deps.integrations.secrets,
        )
        self._dry_runs = threading.BoundedSemaphore(MAX_DRY_RUNS)
        self._listeners: list[Callable[[Task], None]] = []
        self._listed: tuple[SearchIndex, tuple[Template, ...]] | None = None

    def start(self) -> None:
        """Start running tasks in the background, in the process that serves."""
        atexit.register(self.stop)
        self.worker.start()

    def stop(self) -> None:
        """Stop running tasks; another process resumes the running ones."""
        self.worker.stop()

    def list_templates(
        self, template_filter: TemplateFilter | None = None, *, user: str | None = None
    ) -> tuple[Template, ...]:
        """List the templates that a user may see and that match a filter, by title."""
        return select_templates(self._list_all(user), template_filter or TemplateFilter())

    def facets(self, *, user: str | None = None) -> TemplateFacets:
        """Count the values of filters, for the templates that a user may see."""
        return count_facets(self._list_all(user))

    def get_template(
        self, entity_ref: str, *, user: str | None = None, flags: Collection[str] = ()
    ) -> Template:
        """Get a template, whose form the user may read.

        Args:
            entity_ref: The entity ref of the template.
            user: The entity ref of the user who asks.
            flags: The feature flags that are on for them.

        Raises:
            TemplateNotFoundError: If there is none that they may see.
            NotAllowedError: If they may not read its form.
        """
        entity = self._rights.get_template(user, entity_ref, SCAFFOLDER_TEMPLATE_PARAMETER_READ)
        return read_template(entity, flags=flags)

    def parse_template(self, text: str, files: Mapping[str, bytes] | None = None) -> Template:
        """Read a template from YAML; `files` are those beside it.

        Raises:
            TemplateError: It is not a valid template.
        """
        return read_template(parse_entity(text, files))

    def validate_page(
        self, template: Template, page: int, values: Mapping[str, Any]
    ) -> tuple[FieldError, ...]:
        """Check the values of one page, counted from 0."""
        return tuple(check_page(template.pages[page], page, values))

    def validate(self, template: Template, values: Mapping[str, Any]) -> tuple[FieldError, ...]:
        """Check the values of all pages."""
        return tuple(check_all(template, values))

    def create_task(
        self,
        template_ref: str,
        values: Mapping[str, Any],
        *,
        user: str | None,
        secrets: Mapping[str, str] | None = None,
        is_recorded: bool = True,
    ) -> str:
        """Accept a task and return its id; it starts in the background.

        Args:
            template_ref: The template.
            values: The form's values, of all pages in one mapping, without secrets.
            user: The entity ref of the person who starts it, as the server knows it.
            secrets: Texts for the steps' inputs; they are forgotten when the task ends.
            is_recorded: Whether an event records how the task ends; False for people who opted out.

        Raises:
            TemplateNotFoundError: If there is no such template.
            TemplateError: If the template cannot be run.
            InvalidValuesError: If the values do not fit the form.
            NotAllowedError: If nobody is signed in, or they lack a permission.
        """
        requester = self._identify(user)
        entity = self._rights.get_template(user, template_ref, SCAFFOLDER_TASK_CREATE)
        template = read_template(entity)
        self._rights.require_actions(user, (step.action for step in template.steps))
        given = secrets or {}
        _require_valid(template, values, given)
        task_id = self._deps.new_id()
        spec = TaskSpec(entity, values, requester, tuple(sorted(given)), is_recorded)
        self._store.add(task_id, template, spec, secrets=given, now=self._deps.now())
        self.worker.wake()
        return task_id

    def dry_run(
        self,
        template: Template,
        values: Mapping[str, Any],
        *,
        user: str | None,
        secrets: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> DryRun:
        """Run a template without publishing, registering or sending anything; waits for its end.

        Args:
            template: One of the catalog, or one of the editor.
            values: The form's values.
            user: The entity ref of the user.
            secrets: As for `create_task`.
            files: The files beside the template, by relative path; None means those beside the
                template of the catalog that has its reference.

        Raises:
            TemplateNotFoundError: If no files are given, and the catalog has no such template.
            TemplateError: If the template cannot be run.
            InvalidValuesError: If the values do not fit the form.
            NotAllowedError: If nobody is signed in, or they lack a permission.
            TaskStateError: If too many dry runs are running.
        """
        requester = self._identify(user)
        given = secrets or {}
        self._rights.require_actions(user, (step.action for step in template.steps))
        _require_valid(template, values, given)
        source = (
            GivenSource(files)
            if files is not None
            else CatalogSource(self._catalog, self._rights.get_template(user, template.entity_ref))
        )
        if not self._dry_runs.acquire(blocking=False):
            raise TaskStateError("too many templates are tried out just now; try again")
        try:
            spec = TaskSpec(_EDITED, values, requester, tuple(sorted(given)))
            return self._dry_runner.run(template, spec, secrets=given, source=source)
        finally:
            self._dry_runs.release()

    def get_task(self, task_id: str, *, user: str | None = None) -> Task:
        """Get a task.

        Raises:
            TaskNotFoundError: If there is none that the user may read.
        """
        task = self._store.get(task_id)
        if not self._rights.may_task(user, SCAFFOLDER_TASK_READ, task.created_by or ""):
            raise TaskNotFoundError(task_id)
        return task

    def list_tasks(
        self,
        *,
        user: str | None = None,
        created_by: str | None = None,
        status: TaskStatus | None = None,
        offset: int = 0,
        limit: int = DEFAULT_LIMIT,
    ) -> TaskPage:
        """List the tasks that a user may read, the newest first: of one creator, or of all."""
        creators = self._rights.choose_creators(user, self._store.list_creators)
        if created_by is not None:
            is_hidden = creators is not None and created_by not in creators
            creators = [] if is_hidden else [created_by]
        return self._store.list(
            creators=creators,
            status=status,
            offset=max(0, offset),
            limit=max(1, min(limit, MAX_LIMIT)),
        )

    def read_log(
        self, task_id: str, *, user: str | None = None, after: int = 0, limit: int = LOG_LIMIT
    ) -> tuple[LogLine, ...]:
        """Read the log of a task after a line's id, in order.

        Raises:
            TaskNotFoundError: If there is no such task that the user may read.
        """
        self.get_task(task_id, user=user)
        return self._store.read_log(task_id, after=after, limit=max(1, min(limit, LOG_LIMIT)))

    def cancel(self, task_id: str, *, user: str | None) -> None:
        """Ask a task to stop: between two steps, or while a step waits.

        Raises:
            TaskNotFoundError: If there is no such task.
            TaskStateError: If it has ended.
            NotAllowedError: If it is another user's.
        """
        spec = self._get_own(task_id, user, SCAFFOLDER_TASK_CANCEL)
        if self._store.cancel(task_id, now=self._deps.now()):
            self._note_end(task_id, spec, "cancelled")
        self.worker.wake()

    def retry(
        self, task_id: str, *, user: str | None, secrets: Mapping[str, str] | None = None
    ) -> None:
        """Resume a task at the step that failed or was cancelled, with the same values.

        Raises:
            TaskNotFoundError: If there is no such task.
            TaskStateError: If it has not ended, is completed, or needs secrets that are not given.
            NotAllowedError: If it is another user's, or they lack a permission.
        """
        spec = self._get_own(task_id, user, SCAFFOLDER_TASK_READ)
        steps = read_template(spec.template).steps
        self._rights.require_actions(user, (step.action for step in steps))
        given = secrets or {}
        missing = sorted(set(spec.secret_names) - given.keys())
        if missing:
            raise TaskStateError(
                f"the task needs {', '.join(missing)} again, since secrets are not kept; "
                "give them, or start over"
            )
        _require_secrets_of_sane_size(given)
        self._store.retry(task_id, secrets=given, now=self._deps.now())
        self.worker.wake()

    def list_actions(self) -> tuple[InstalledAction, ...]:
        """List the actions that templates may use here, by id."""
        return self._actions.list()

    def register_action(self, action: Action) -> None:
        """Install a custom action, replacing one with the same id."""
        self._actions.register(action)

    def provide_notifications(self, send: NotificationSender) -> None:
        """Install `notification:send`, which needs a plugin that notifies people."""
        self._actions.register(build_notification_action(send))

    def on_task_end(self, listener: Callable[[Task], None]) -> None:
        """Call a listener with each task that ends in this process, after the end is committed.

        Errors of listeners are logged.
        """
        self._listeners.append(listener)

    def _open_renderer(self) -> AbstractContextManager[Renderer]:
        return self._deps.open_renderer(self.template_extensions.sources)

    def _note_end(self, task_id: str, spec: TaskSpec, status: TaskStatus) -> None:
        if spec.is_recorded:
            template = read_template(spec.template)
            event = build_outcome(template, spec.values, task_id=task_id, status=status)
            self._deps.record(event, spec.requester.ref)
        for listener in self._listeners:
            try:
                listener(self._store.get(task_id))
            except Exception:
                _logger.exception("Not all listeners heard of the end of the task %s", task_id)

    def _list_all(self, user: str | None) -> tuple[Template, ...]:
        index = self._rights.see_catalog(user).index
        is_whole = index is self._catalog.index
        if is_whole and self._listed is not None and self._listed[0] is index:
            return self._listed[1]
        wanted = EntityFilter(kind=TEMPLATE_KIND).select(index)
        found = tuple(read_template(index.entities[id_]) for id_ in wanted)
        if is_whole:
            self._listed = index, found
        return found

    def _get_own(self, task_id: str, user: str | None, permission: str) -> TaskSpec:
        spec = self._store.read_spec(task_id)
        if user and not self._rights.may_task(user, permission, spec.requester.ref):
            raise NotAllowedError(Refusal(permission).message)
        if not user or spec.requester.ref != user:
            raise NotAllowedError(
                f"the task is {spec.requester.ref}'s; only they can cancel or retry it"
            )
        return spec

    def _identify(self, user: str | None) -> Requester:
        if not user:
            raise NotAllowedError("nobody is signed in; sign in to run a template")
        entity = self._catalog.find_by_ref(user)
        return Requester(user, entity.to_wire() if entity else {})


_EDITED = Entity(API_VERSION, "Template", {"name": "edited"}, {})
"""The placeholder for the template of a dry run, whose spec is not read."""


@functools.cache
def get_scaffolder() -> Scaffolder:
    """The software templates of this process.

    Raises:
        ConfigurationError: If a key of `scaffolder` is wrong.
    """
    notices, config = Notices(), load_config()
    addresses = map(config.get_optional_string, ("backend.baseUrl", "app.baseUrl"))
    scaffolder = Scaffolder(
        Dependencies(
            catalog=get_catalog(),
            registrations=get_registrations(),
            engine=open_engine(),
            settings=ScaffolderSettings.read(config),
            base_dir=Path.cwd(),
            integrations=get_integrations(),
            portal=next(filter(None, addresses), ""),
            rights=Rights(see_catalog, find_condition),
            on_change=lambda task_id: get_signals().send(TASK_CHANGED, task_id),
        )
    )
    scaffolder.on_task_end(notices.announce_end)
    scaffolder.provide_notifications(notices.send)
    return scaffolder


def _require_valid(
    template: Template, values: Mapping[str, Any], secrets: Mapping[str, str]
) -> None:
    if template.problem:
        raise TemplateError(f"{template.title}: {template.problem}")
    _require_secrets_of_sane_size(secrets)
    try:
        size = len(orjson.dumps(dict(values)))
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise InvalidValuesError([FieldError(0, (), f"must be JSON: {error}")]) from error
    if size > MAX_VALUES_BYTES:
        rule = f"all values together must not have more than {MAX_VALUES_BYTES} bytes"
        raise InvalidValuesError([FieldError(0, (), rule)])
    errors = [*check_all(template, values), *check_secrets(template, secrets)]
    if errors:
        raise InvalidValuesError(errors)


def _require_secrets_of_sane_size(secrets: Mapping[str, str]) -> None:
    if sum(len(name) + len(secret) for name, secret in secrets.items()) > MAX_SECRET_CHARACTERS:
        rule = f"all secrets together must not have more than {MAX_SECRET_CHARACTERS} characters"
        raise InvalidValuesError([FieldError(0, (), rule)])
