"""Every place that an event can come from, with the context it has there."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

PAGE = {"pluginId": "captures", "extension": "index", "routeRef": "index", "service": "ledger"}


@pytest.fixture
def visitor(visit: Visit, capture_app_url: str) -> Visitor:
    visitor = visit(capture_app_url)
    visitor.open("/")
    expect(visitor.page.locator("#mode")).to_have_text("simple")
    visitor.recorded(1)
    return visitor


def captured(visitor: Visitor, action: str) -> dict[str, Any]:
    visitor.events.wait_for(action=action)
    [event] = [event for event in visitor.recorded(2) if event["action"] == action]
    return event


@pytest.mark.parametrize(
    ("button", "subject"),
    [("In a condition", "cond"), ("In a match", "match"), ("In a memo", "In a memo")],
)
def test_conditionals_matches_and_memos_have_the_context_around_them(
    visitor: Visitor, button: str, subject: str
) -> None:
    visitor.click(button, role="button")

    assert captured(visitor, "press") == {"action": "press", "subject": subject, "context": PAGE}


def test_the_body_of_a_memo_is_instrumented_too(visitor: Visitor) -> None:
    visitor.click("A link in a memo")
    visitor.click("Python in a memo", role="button")

    assert captured(visitor, "click") == {
        "action": "click",
        "subject": "A link in a memo",
        "attributes": {"to": "#memo"},
        "context": PAGE,
    }
    assert captured(visitor, "deploy")["context"] == PAGE


def test_a_dialog_has_the_context_of_where_it_was_opened(visitor: Visitor) -> None:
    visitor.click("Open the dialog", role="button")
    visitor.click("In a dialog", role="button")

    assert captured(visitor, "press") == {"action": "press", "subject": "dialog", "context": PAGE}


def test_a_menu_has_the_context_of_where_it_was_opened(visitor: Visitor) -> None:
    visitor.click("Open the menu", role="button")
    visitor.click("In a menu", role="menuitem")

    assert captured(visitor, "press") == {"action": "press", "subject": "menu", "context": PAGE}


def test_an_item_of_a_loop_has_a_context_of_its_own(visitor: Visitor) -> None:
    visitor.click("Inspect south", role="button")

    assert captured(visitor, "inspect") == {
        "action": "inspect",
        "subject": "south",
        "context": {**PAGE, "zone": "south"},
    }


def test_arguments_come_from_the_trigger(visitor: Visitor) -> None:
    visitor.page.get_by_placeholder("Filter").fill("led")

    assert captured(visitor, "filter") == {"action": "filter", "subject": "led", "context": PAGE}


def test_arguments_come_from_the_state(visitor: Visitor) -> None:
    visitor.click("With values", role="button")

    assert captured(visitor, "scale") == {
        "action": "scale",
        "subject": "ledger",
        "value": 3,
        "attributes": {"mode": "simple", "many": True},
        "context": PAGE,
    }


def test_a_handler_in_python_captures_in_the_context_of_its_trigger(visitor: Visitor) -> None:
    visitor.click("Deploy to south", role="button")
    expect(visitor.page.locator("#mode")).to_have_text("south")

    assert captured(visitor, "deploy") == {
        "action": "deploy",
        "subject": "ledger",
        "value": 3,
        "context": {**PAGE, "zone": "south"},
    }
    assert visitor.events.wait_for(action="deploy").origin == "server"


def test_a_handler_that_another_one_calls_has_the_context_of_the_first(visitor: Visitor) -> None:
    visitor.click("With values", role="button")

    assert captured(visitor, "announce")["context"] == PAGE


def test_a_handler_in_the_background_captures_too(visitor: Visitor) -> None:
    visitor.click("Slowly", role="button")

    assert captured(visitor, "deploy-slowly")["context"] == PAGE


def test_the_analytics_state_captures_from_any_trigger(visitor: Visitor) -> None:
    visitor.click("By the state", role="button")

    assert captured(visitor, "vote") == {
        "action": "vote",
        "subject": "state",
        "context": PAGE,
    }


def test_a_capture_that_fails_does_not_reach_the_handler(visitor: Visitor) -> None:
    visitor.click("Break", role="button")

    expect(visitor.page.locator("#mode")).to_have_text("survived")


def test_a_page_that_breaks_apologises_and_leaves_the_rest_alone(
    visit: Visit, capture_app_url: str
) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/fuse")

    visitor.click("Blow", role="button")

    visitor.sees("Something went wrong on this page")
    expect(visitor.page.get_by_text("Still here")).to_be_visible()


def test_errors_are_captured_where_they_happen(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/faults")

    visitor.click("Fail in the browser", role="button")
    visitor.click("Fail in Python", role="button")

    rejected, failed = (
        visitor.events.wait_for(action="error", subject=f"{error}: no such zone").to_wire()
        for error in ("RangeError", "LookupError")
    )
    assert rejected["attributes"]["kind"] == "rejection"
    assert failed["attributes"]["kind"] == "handler"
    assert "fail" in failed["attributes"]["component"]
    assert {rejected["context"]["routeRef"], failed["context"]["routeRef"]} == {"faults"}
    visitor.errors.clear()  # they are what is tested


def test_a_page_measures_how_fast_it_was(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/faults?fast=1")
    visitor.measured.wait_for(action="web-vital", subject="TTFB")

    visitor.click("Fail in the browser", role="button")
    visitor.events.wait_for(action="error")
    visitor.page.goto("/ping")  # what a page knows at its end

    for metric in ("LCP", "CLS"):
        found = visitor.measured.wait_for(action="web-vital", subject=metric).to_wire()
        assert found["context"]["routeRef"] == "faults"
        assert found["attributes"]["rating"] in {"good", "needs-improvement", "poor"}
        assert found["value"] >= 0
    visitor.errors.clear()  # they are what is tested
