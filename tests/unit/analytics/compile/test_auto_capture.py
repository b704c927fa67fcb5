import copy
from typing import Any

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics.compile.auto_capture import AutoCapture


class Counter(rx.State):
    count: rx.Field[int] = rx.field(0)

    @rx.event
    def add(self, amount: int) -> None:
        self.count += amount


def instrumented(component: Component, **options: bool) -> str:
    return str(AutoCapture(**options).instrument(component, copy.copy))


def test_a_link_becomes_one_that_captures() -> None:
    assert "CapturedLink" in instrumented(rx.link("Docs", href="/docs"))


def test_an_anchor_that_leads_nowhere_stays() -> None:
    assert "Captured" not in instrumented(rx.el.a("Here", id="here"))


def test_links_in_loops_and_conditions_are_found() -> None:
    names: rx.Var[list[str]] = rx.Var.create(["a", "b"])
    loop = rx.foreach(names, lambda name: rx.link(name, href="/x"))

    assert "CapturedLink" in instrumented(rx.box(loop))
    assert "CapturedLink" in instrumented(rx.cond(names.length() > 1, rx.link("a", href="/a")))


def test_links_are_left_alone_where_the_option_says_so() -> None:
    assert "Captured" not in instrumented(rx.link("Docs", href="/docs"), links=False)


def test_buttons_capture_only_where_the_option_says_so() -> None:
    assert "captureButton" not in instrumented(rx.button("Save"))
    assert "captureButton" in instrumented(rx.button("Save"), buttons=True)


def test_a_buttons_own_handler_runs_first() -> None:
    text = instrumented(rx.button("Add", on_click=Counter.add(1)), buttons=True)

    assert text.index("counter.add") < text.index("captureButton")


def test_a_handler_in_python_gets_the_context() -> None:
    text = instrumented(rx.button("Add", on_click=Counter.add(1)))

    assert '["analytics_context"] : analyticsTracker.forServer()' in text


def test_what_is_instrumented_already_stays_as_it_is() -> None:
    capture = AutoCapture(buttons=True)
    button = rx.box(rx.button("Add", on_click=Counter.add(1)), rx.link("Docs", href="/docs"))
    once = capture.instrument(button, copy.copy)

    twice = capture.instrument(once, copy.copy)

    assert str(twice) == str(once)
    assert str(twice).count("captureButton") == 1


def test_reflexs_own_events_stay_as_they_are() -> None:
    assert "forServer" not in instrumented(rx.button("Go", on_click=rx.redirect("/docs")))


def test_the_component_that_was_given_is_not_changed() -> None:
    shared: Any = rx.box(rx.link("Docs", href="/docs"), on_click=Counter.add(1))
    before = str(shared)

    instrumented(shared, buttons=True)

    assert str(shared) == before
