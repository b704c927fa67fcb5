"""Event handlers of a user's own, run in their tests."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest
import reflex as rx

from backstage_py.analytics import MockAnalyticsApi, use_analytics
from backstage_py.analytics.testing import run_handler
from tests.loops import run


class CustomerState(rx.State):
    name: rx.Field[str] = rx.field("Ann")


class OrderState(rx.State):
    ordered: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    def order(self, isbn: str) -> Any:
        self.ordered = [*self.ordered, isbn]
        use_analytics().capture_event("order", isbn, value=1)
        return rx.redirect("/orders")

    @rx.event
    async def greet(self) -> AsyncGenerator[Any]:
        customer = await self.get_state(CustomerState)
        yield rx.toast(f"Hello {customer.name}")
        use_analytics().capture_event("greet", self.router_data["query"]["shop"])

    @rx.event
    def count(self) -> Generator[Any, None, Any]:
        yield OrderState.order("a")
        return OrderState.order("b")  # ruff: ignore[return-in-generator] Reflex takes it

    @rx.event(background=True)
    async def import_all(self) -> None:
        async with self:
            self.ordered = ["a", "b"]
        use_analytics().capture_event("import", "all")

    @rx.event
    def fail(self) -> None:
        raise ZeroDivisionError


def test_a_handler_runs_and_its_captures_go_to_the_mock(mock_analytics: MockAnalyticsApi) -> None:
    context = {"pluginId": "shop", "extension": "OrderPage", "routeRef": "/order"}

    done = run(run_handler(OrderState.order, "978", context=context, user="user:default/ann"))

    assert done.state.ordered == ["978"]
    assert [event.name for event in done.events] == ["_redirect"]
    [captured] = mock_analytics.get_events()
    assert done.captured == [captured]
    assert (captured.action, captured.subject, captured.value) == ("order", "978", 1)
    assert (captured.user, captured.origin) == ("user:default/ann", "server")
    assert dict(captured.context) == context


def test_a_state_goes_on_from_run_to_run() -> None:
    first = run(run_handler(OrderState.order, "a", values={"ordered": ["0"]}))
    second = run(run_handler(OrderState.order, "b", state=first.state))

    assert second.state.ordered == ["0", "a", "b"]


def test_handlers_of_all_kinds_run() -> None:
    greeted = run(run_handler(OrderState.greet, router_data={"query": {"shop": "7"}}))
    counted = run(run_handler(OrderState.count))
    imported = run(run_handler(OrderState.import_all))

    assert [one.subject for one in greeted.captured] == ["7"]
    assert len(greeted.events) == 1
    assert [event.payload["isbn"] for event in counted.events] == ["a", "b"]
    assert imported.state.ordered == ["a", "b"]
    assert [one.action for one in imported.captured] == ["import"]


def test_what_a_handler_raises_is_the_tests_to_see() -> None:
    with pytest.raises(ZeroDivisionError):
        run(run_handler(OrderState.fail))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (OrderState.order("978"), r"OrderState.order\(...\) is what a page is given"),
        (len, "is not an event handler of a state: give one, such as State.order"),
    ],
)
def test_anything_but_a_handler_is_refused(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        run(run_handler(given))
