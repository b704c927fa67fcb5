import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.analytics import Runtime
from backstage_py.insights import Caller
from backstage_py.insights.ui.instrumentation.service import InstrumentationService
from backstage_py.insights.ui.instrumentation.state import instrumentation_state as state_module
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    NO_ANSWER,
    InstrumentationState,
)
from tests.loops import run

Call = Callable[..., Any]


@pytest.fixture
def page() -> InstrumentationState:
    return cast("Any", InstrumentationState)(_reflex_internal_init=True)


@pytest.fixture
def call(runtime: Runtime, page: InstrumentationState, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls an event handler as Ann, or as somebody else."""

    def call_handler(name: str, *arguments: str, user: str = "user:default/ann") -> Any:
        visitor = Caller(user, reads_events=runtime.recorder.may_read(user))
        monkeypatch.setattr(state_module, "visitor_of", lambda _state: visitor)
        given = cast("Any", InstrumentationState.event_handlers[name]).fn(page, *arguments)
        return run(given) if hasattr(given, "__await__") else given

    monkeypatch.setattr(state_module, "get_runtime", lambda: runtime)
    return call_handler


def test_readers_see_the_declarations(
    page: InstrumentationState, call: Call, inventory: Path
) -> None:
    call("look")

    assert page.is_loaded
    assert [row.action for row in page.rows] == ["click", "deploy"]
    assert (page.plugins, page.actions) == (["ci", "shop"], ["click", "deploy"])
    assert [group.kind for group in page.groups] == ["never-fired"]
    assert page.rest == "2 declarations"
    assert (page.retention, page.erasures) == (["all events: forever"], [])


def test_filters_narrow_what_is_shown(
    page: InstrumentationState, call: Call, inventory: Path
) -> None:
    call("look")

    call("choose_plugin", "ci")
    assert [row.action for row in page.rows] == ["deploy"]
    call("choose_plugin", "")
    call("choose_action", "click")
    call("choose_status", "never")
    call("search", "buy")
    assert [row.action for row in page.rows] == ["click"]
    assert page.rest == "1 of 2 declarations"


def test_a_window_that_is_none_is_the_usual_one(
    page: InstrumentationState, call: Call, inventory: Path
) -> None:
    call("choose_window", "7")
    assert page.figures[2].meaning == "in the last 7 days"
    call("choose_window", "-1")
    assert page.window == "30"


def test_the_plan_is_handed_out(page: InstrumentationState, call: Call, inventory: Path) -> None:
    download = call("download_plan")

    assert "tracking-plan.yaml" in str(download.args)


@pytest.mark.parametrize(
    "handler", [("look",), ("choose_window", "7"), ("download_plan",)], ids=operator.itemgetter(0)
)
def test_others_see_nothing(
    page: InstrumentationState, call: Call, inventory: Path, handler: tuple[str, ...]
) -> None:
    call("look")

    assert call(*handler, user="user:default/bob") is None

    assert not page.is_allowed
    call("search", "")
    assert (page.rows, page.groups, page.figures, page.plugins) == ([], [], [], [])


def test_an_app_without_an_inventory_says_what_to_do(
    page: InstrumentationState, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    call("look")
    assert "Compile the app first" in page.problem
    assert call("download_plan") is None


def test_a_database_that_does_not_answer_is_said(
    page: InstrumentationState, call: Call, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(InstrumentationService, "review", fail)

    call("look")
    assert page.problem == NO_ANSWER
