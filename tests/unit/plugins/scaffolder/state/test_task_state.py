"""The task page's handlers, with a fake scaffolder."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from backstage_py.analytics import Recorder
from backstage_py.plugins.scaffolder.errors import TaskNotFoundError, TaskStateError
from backstage_py.plugins.scaffolder.state import task_state
from backstage_py.plugins.scaffolder.state.task_state import TaskState
from backstage_py.plugins.scaffolder.tasks.task import Task
from tests.loops import run

ANN = "user:default/ann"
TASK = Task(
    "t1", "processing", "template:default/service", "Service", ANN, datetime(2026, 5, 4, tzinfo=UTC)
)

Call = Callable[..., Any]


@dataclass
class FakeScaffolder:
    """Has one task, and keeps what is wanted of it."""

    task: Task = TASK
    error: Exception | None = None
    wanted: list[tuple[Any, ...]] = field(default_factory=list)

    def get_task(self, task_id: str, *, user: str | None) -> Task:
        if task_id != self.task.id:
            raise TaskNotFoundError(task_id)
        return self.task

    def cancel(self, task_id: str, *, user: str) -> None:
        self._want("cancel", task_id, user)

    def retry(self, task_id: str, *, user: str, secrets: Mapping[str, str]) -> None:
        self._want("retry", task_id, user, dict(secrets))

    def _want(self, *wish: Any) -> None:
        if self.error:
            raise self.error
        self.wanted.append(wish)


@dataclass
class Tracker:
    """Keeps what it is given."""

    events: list[tuple[str, str]] = field(default_factory=list)

    def capture_event(self, action: str, subject: str) -> None:
        self.events.append((action, subject))


@pytest.fixture
def scaffolder(monkeypatch: pytest.MonkeyPatch) -> FakeScaffolder:
    fake = FakeScaffolder()
    monkeypatch.setattr(task_state, "get_scaffolder", lambda: fake)
    return fake


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> Tracker:
    tracker = Tracker()
    monkeypatch.setattr(task_state, "use_analytics", lambda: tracker)
    return tracker


@pytest.fixture
def page() -> TaskState:
    page = cast("Any", TaskState)(_reflex_internal_init=True)
    page.shown_id = "t1"
    return page


@pytest.fixture
def call(
    page: TaskState,
    scaffolder: FakeScaffolder,
    tracker: Tracker,
    monkeypatch: pytest.MonkeyPatch,
) -> Call:
    """Calls an event handler as Ann."""
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: ANN)

    def call_handler(name: str, *arguments: Any) -> Any:
        answer = cast("Any", TaskState.event_handlers[name]).fn(page, *arguments)
        return run(answer) if inspect.iscoroutine(answer) else answer

    return call_handler


def test_the_log_opens_by_itself_when_a_task_fails(
    call: Call, page: TaskState, scaffolder: FakeScaffolder
) -> None:
    call("look")
    assert not page.is_log_open

    scaffolder.task = replace(TASK, status="failed", error="Step a: no")
    call("look")
    assert page.is_log_open

    call("toggle_log")
    call("look")
    assert not page.is_log_open


def test_a_task_that_is_not_there_is_missing(call: Call, page: TaskState) -> None:
    page.shown_id = "t2"

    call("look")

    assert page.is_missing


def test_only_the_user_who_started_a_task_is_offered_to_stop_it(
    call: Call, page: TaskState, scaffolder: FakeScaffolder
) -> None:
    call("look")
    assert page.is_mine

    scaffolder.task = replace(TASK, created_by="user:default/bob")
    call("look")
    assert not page.is_mine


def test_a_cancelled_task_is_captured(
    call: Call, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    call("cancel")

    assert scaffolder.wanted == [("cancel", "t1", ANN)]
    assert tracker.events == [("cancelled", "Template has been cancelled")]


def test_a_refused_request_is_shown_and_not_captured(
    call: Call, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    scaffolder.error = TaskStateError("It has ended.")

    assert "It has ended." in str(call("cancel"))
    assert tracker.events == []


def test_a_retry_asks_for_the_secrets_that_were_forgotten(
    call: Call, page: TaskState, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    scaffolder.task = replace(TASK, status="failed", needs_secrets=("key",))
    call("look")

    call("retry")
    assert (page.is_asked_for_secrets, scaffolder.wanted) == (True, [])

    call("retry_with", {"key": "s3cret"})
    assert scaffolder.wanted == [("retry", "t1", ANN, {"key": "s3cret"})]
    assert tracker.events == [("retried", "Template has been retried")]
    assert not page.is_asked_for_secrets


def test_starting_over_names_the_task_and_no_value_in_the_address(
    call: Call, scaffolder: FakeScaffolder, tracker: Tracker
) -> None:
    scaffolder.task = replace(TASK, status="completed", values={"name": "shop"})
    call("look")

    wanted = str(call("start_over"))

    assert "/create/templates/default/service?task=t1" in wanted
    assert "shop" not in wanted
    assert tracker.events == [("click", "Task has been started over")]
