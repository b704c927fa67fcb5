"""Failed event handlers as events, without what may be personal, and not too many."""

from typing import Any, cast

import pytest

from backstage_py.analytics.capture.handler_errors import AT_ONCE, HandlerErrors, sanitized
from backstage_py.analytics.capture.server_capture import ServerTracker


class Notebook:
    def __init__(self) -> None:
        self.recorded: list[Any] = []
        self.now = 0.0

    def record(self, event: Any, **_: Any) -> None:
        self.recorded.append(event)


class OrderState:
    def order(self, problem: str) -> None:
        raise ValueError(problem)


def order(problem: str) -> ValueError:
    try:
        OrderState().order(problem)
    except ValueError as error:
        return error
    raise AssertionError


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def watch(notebook: Notebook) -> Any:
    tracker = ServerTracker(cast("Any", notebook), context={"pluginId": "shop"})
    errors = HandlerErrors(lambda: tracker, lambda: notebook.now)
    return errors.watch(lambda error: f"told of {type(error).__name__}")


def test_a_failed_handler_is_an_event_of_its_place(notebook: Notebook) -> None:
    assert watch(notebook)(order("no book 'Dune' for ann@example.com")) == "told of ValueError"

    [event] = notebook.recorded
    assert (event.action, event.subject) == ("error", "ValueError: no book <text> for <mail>")
    assert event.context["pluginId"] == "shop"
    assert event.attributes["kind"] == "handler"
    assert event.attributes["source"].startswith("test_handler_errors.py:")
    assert "order" in event.attributes["component"]


def test_the_same_error_is_captured_once_a_minute(notebook: Notebook) -> None:
    handle = watch(notebook)
    for now in (0, 30, 59, 61):
        notebook.now = now
        handle(order("again"))

    assert len(notebook.recorded) == 2


def test_many_different_errors_are_not_all_captured(notebook: Notebook) -> None:
    handle = watch(notebook)
    for count in range(2 * AT_ONCE):
        handle(order("x" * (count + 1)))

    assert len(notebook.recorded) == AT_ONCE


def test_without_a_tracker_the_app_goes_on_as_before() -> None:
    def fail() -> None:
        raise LookupError

    for find in (lambda: None, fail):
        handle = HandlerErrors(cast("Any", find)).watch(lambda _: "told")
        assert handle(order("x")) == "told"


def test_what_may_be_personal_is_left_out() -> None:
    text = "no 'Ann' at https://x/y?z for ann@x.org, order 12345, key ab12cd\nmore"

    assert sanitized(text) == "no <text> at <address> for <mail> order <value>, key <value>"
