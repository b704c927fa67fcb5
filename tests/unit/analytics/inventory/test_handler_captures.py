"""Handlers of this module are read; `HELPER` is what they share."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from backstage_py.analytics import use_analytics
from backstage_py.analytics.inventory.handler_captures import HandlerCall, find_handler_calls


def note(action: str, subject: str, **attributes: Any) -> None:
    if subject:
        use_analytics().capture_event(action, subject, attributes=attributes or None)


def sends_elsewhere(backend: Any, event: Any) -> None:
    backend.capture_event(event)


TABLE: dict[str, Callable[..., None]] = {"note": note}


class Desk(rx.State):
    name: rx.Field[str] = rx.field("a")

    @rx.event
    def plain(self) -> None:
        use_analytics().capture_event("deploy", "ledger", value=3)

    @rx.event
    def named(self) -> None:
        tracker = use_analytics()
        tracker.capture_event(subject=self.name, action="deploy")

    @rx.event
    async def by_helper(self, ref: str) -> None:
        note("star", self.name, entityRef=ref, kind="api")

    @rx.event
    def by_method(self) -> None:
        self._note("open")

    def _note(self, action: str) -> None:
        note(action, "door")

    @rx.event
    def either(self, is_new: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        action = "star" if is_new else "unstar"
        note(action, "x")

    @rx.event
    def sometimes(self) -> None:
        for number in range(3):
            use_analytics().capture_event("count", str(number))

    @rx.event
    def by_table(self) -> None:
        TABLE["note"]("hidden", "x")

    @rx.event
    def hands_on(self) -> Any:
        return Desk.plain

    @rx.event
    def to_backend(self) -> None:
        sends_elsewhere(self, self)

    @rx.event
    def again(self) -> None:
        self.again_too()

    def again_too(self) -> None:
        use_analytics().capture_event("loop", "x")
        self.again_too()


def calls_of(name: str, **values: Any) -> list[HandlerCall]:
    return find_handler_calls(getattr(Desk, name).fn, Desk, values)


def told(name: str, **values: Any) -> list[tuple[Any, ...]]:
    return [
        (one.call.action, one.call.subject, dict(one.call.attributes))
        for one in calls_of(name, **values)
    ]


def test_a_capture_is_read_with_its_plain_values() -> None:
    (found,) = calls_of("plain")

    assert (found.call.action, found.call.subject, found.call.has_value) == (
        "deploy", "ledger", True,
    )  # fmt: skip
    assert not found.is_conditional


def test_names_for_the_tracker_and_keywords_are_understood() -> None:
    assert told("named") == [("deploy", None, {})]


def test_a_function_that_a_handler_calls_is_read_with_what_it_is_given() -> None:
    (found,) = calls_of("by_helper", ref="component:default/x")

    assert (found.call.action, found.call.subject) == ("star", None)
    assert found.call.attributes == {"entityRef": "string", "kind": "string"}
    assert found.is_conditional


def test_its_own_methods_are_read_too() -> None:
    assert told("by_method") == [("open", "door", {})]


def test_one_of_two_actions_is_both() -> None:
    assert told("either") == [("star", "x", {}), ("unstar", "x", {})]


def test_a_capture_in_a_loop_is_conditional() -> None:
    (found,) = calls_of("sometimes")

    assert (found.call.action, found.call.subject, found.is_conditional) == ("count", None, True)


def test_a_handler_that_it_hands_on_to_is_read_and_may_not_run() -> None:
    (found,) = calls_of("hands_on")

    assert (found.call.action, found.call.subject, found.is_conditional) == (
        "deploy", "ledger", True,
    )  # fmt: skip


def test_what_cannot_be_known_is_left_out() -> None:
    assert calls_of("by_table") == []


def test_a_backends_method_of_that_name_is_not_a_capture() -> None:
    assert calls_of("to_backend") == []


def test_functions_that_call_each_other_are_read_to_an_end() -> None:
    assert ("loop", "x", {}) in told("again")


def test_what_has_no_source_is_left_out() -> None:
    made: dict[str, Any] = {"use_analytics": use_analytics}
    exec("def handler(self):\n    use_analytics().capture_event('a', 'b')", made)

    assert find_handler_calls(made["handler"], None, {}) == []
