"""Events that cannot be sent at once."""

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


def test_what_happens_offline_is_sent_when_the_network_is_back(
    visit: Visit, tiny_app_url: str
) -> None:
    visitor = visit(tiny_app_url)
    visitor.open("/cakes/carrot")
    visitor.recorded(1)

    visitor.page.context.set_offline(True)
    with visitor.page.expect_event("requestfailed", lambda request: "/api/events" in request.url):
        visitor.click("Order", role="button")
    visitor.page.context.set_offline(False)

    assert [event["subject"] for event in visitor.recorded(2)] == ["/cakes/carrot", "Order"]


def test_a_failed_post_is_repeated_and_stored_once(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)
    answers = iter([503, 500])

    def fail_twice(route: Route) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"})

    visitor.page.route("**/api/events", fail_twice)
    visitor.open("/")

    assert [event["subject"] for event in visitor.recorded(1)] == ["/"]


def test_an_answer_that_is_lost_does_not_make_two_of_one(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    visitor.page.route("**/api/events", lose_the_first)
    with visitor.page.expect_response(lambda answer: answer.url.endswith("/api/events")) as again:
        visitor.open("/about")

    assert again.value.json() == {"accepted": 0, "duplicates": 1, "rejected": []}
    assert [event["subject"] for event in visitor.recorded(1)] == ["/about"]


def test_leaving_at_once_loses_nothing(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)
    visitor.open("/")
    expect(visitor.page.get_by_role("link", name="About us")).to_be_visible()

    visitor.page.evaluate(
        """() => { for (const link of document.querySelectorAll('li a')) link.click();
                   location.href = 'about:blank'; }"""
    )

    subjects = [event["subject"] for event in visitor.recorded(4) if event["action"] == "click"]
    assert subjects == ["Honey cake", "Carrot cake", "Poppy-seed cake"]
