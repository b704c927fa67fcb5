"""The form's handlers, with a fake scaffolder."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.analytics import Recorder
from backstage_py.plugins.scaffolder.errors import (
    FieldError,
    InvalidValuesError,
    NotAllowedError,
    TaskNotFoundError,
)
from backstage_py.plugins.scaffolder.state import wizard_state
from backstage_py.plugins.scaffolder.state.wizard_state import NO_ANSWER, WizardState, _read_initial
from backstage_py.plugins.scaffolder.tasks.task import Task
from backstage_py.plugins.scaffolder.templates.template import Template
from tests.loops import run

ANN = "user:default/ann"
REF = "template:default/service"
TEMPLATE = Template(REF, "default", "service", "Service", "", "service", minutes_saved=90.0)
TASK = Task("t1", "failed", REF, "Service", ANN, datetime(2026, 5, 4, tzinfo=UTC), values={"a": 1})

Call = Callable[..., list[Any]]


@dataclass
class FakeScaffolder:
    """Accepts a task, unless it is given an error to raise."""

    error: Exception | None = None
    created: list[tuple[Any, ...]] = field(default_factory=list)

    def get_template(self, _ref: str, *, user: str | None, flags: Collection[str] = ()) -> Template:
        return TEMPLATE

    def get_task(self, task_id: str, *, user: str | None) -> Task:
        if task_id != TASK.id:
            raise TaskNotFoundError(task_id)
        return TASK

    def create_task(
        self,
        ref: str,
        values: Mapping[str, Any],
        *,
        user: str,
        secrets: Mapping[str, str],
        is_recorded: bool,
    ) -> str:
        if self.error:
            raise self.error
        assert is_recorded
        self.created.append((ref, dict(values), user, dict(secrets)))
        return "t1"


@dataclass
class Tracker:
    """Keeps what it is given."""

    events: list[tuple[Any, ...]] = field(default_factory=list)

    def capture_event(self, action: str, subject: str, *, value: float | None = None) -> None:
        self.events.append((action, subject, value))


@pytest.fixture
def scaffolder(monkeypatch: pytest.MonkeyPatch) -> FakeScaffolder:
    fake = FakeScaffolder()
    monkeypatch.setattr(wizard_state, "get_scaffolder", lambda: fake)
    return fake


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> Tracker:
    tracker = Tracker()
    monkeypatch.setattr(wizard_state, "use_analytics", lambda: tracker)
    return tracker


@pytest.fixture
def page() -> WizardState:
    page = cast("Any", WizardState)(_reflex_internal_init=True)
    page.shown_ref = REF
    return page


@pytest.fixture
def create(
    page: WizardState,
    scaffolder: FakeScaffolder,
    tracker: Tracker,
    monkeypatch: pytest.MonkeyPatch,
) -> Call:
    """Creates as Ann; gives what the handler wants to happen."""
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: ANN)

    async def gather(events: AsyncIterator[Any]) -> list[Any]:
        return [event async for event in events if event is not None]

    def call(*arguments: Any) -> list[Any]:
        handler = cast("Any", WizardState.event_handlers["create"]).fn
        return run(gather(handler(page, *arguments)))

    return call


def test_an_accepted_task_is_captured_with_the_minutes_it_saves_and_opened(
    create: Call, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    wanted = create({"name": "shop"}, {"key": "s3cret"})

    assert scaffolder.created == [(REF, {"name": "shop"}, ANN, {"key": "s3cret"})]
    assert tracker.events == [("create", "shop", 90.0)]
    assert "/create/tasks/t1" in str(wanted)


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": 7}])
def test_without_a_name_the_template_names_what_is_new(
    create: Call, tracker: Tracker, values: dict[str, Any]
) -> None:
    create(values, {})

    assert tracker.events == [("create", "new service", 90.0)]


def test_refused_values_are_reported_at_their_fields_without_a_create(
    create: Call, page: WizardState, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    scaffolder.error = InvalidValuesError([FieldError(1, ("owner",), "is nobody")])
    ticket = page.ticket

    assert create({}, {}) == []

    assert [(one.page, one.path, one.message) for one in page.problems] == [
        (1, ["owner"], "is nobody")
    ]
    assert page.ticket != ticket
    assert tracker.events == []
    assert not page.is_busy


def test_values_of_a_template_without_a_form_are_refused_in_words(
    create: Call, page: WizardState, scaffolder: FakeScaffolder
) -> None:
    scaffolder.error = InvalidValuesError([FieldError(0, ("owner",), "is nobody")])

    create({"owner": "x"}, {})

    assert page.message == "owner: is nobody"


def test_a_refusal_is_shown(create: Call, page: WizardState, scaffolder: FakeScaffolder) -> None:
    scaffolder.error = NotAllowedError("Sign in first.")

    create({}, {})

    assert page.message == "Sign in first."


def test_a_database_that_does_not_answer_creates_nothing(
    create: Call, page: WizardState, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    scaffolder.error = OperationalError("insert", {}, Exception("locked"))

    create({}, {})

    assert (page.message, tracker.events) == (NO_ANSWER, [])


def test_a_second_click_creates_no_second_task(
    create: Call, page: WizardState, scaffolder: FakeScaffolder
) -> None:
    page.is_busy = True

    assert create({}, {}) == []
    assert scaffolder.created == []


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("?formData=" + quote(json.dumps({"name": "a & b"})), {"name": "a & b"}),
        ("?formData={", {}),
        ("?formData=[1]", {}),
        ("?task=t1", {"a": 1}),
        ("?task=t2", {}),
    ],
)
@pytest.mark.usefixtures("scaffolder")
def test_an_address_fills_the_form_in(query: str, values: dict[str, Any]) -> None:
    assert _read_initial(query, REF, user=ANN) == values


@pytest.mark.parametrize(
    ("ref", "user"), [(REF, "user:default/bob"), ("template:default/other", ANN)]
)
@pytest.mark.usefixtures("scaffolder")
def test_the_values_of_a_task_are_for_its_own_user_and_template(ref: str, user: str) -> None:
    assert _read_initial("?task=t1", ref, user=user) == {}
