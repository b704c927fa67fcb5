"""Pages are walked as the compiler gets them: instrumented."""

import copy
from typing import Any

import pytest
import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import (
    AnalyticsState,
    analytics_context,
    analytics_extension,
    analytics_link,
    capture_on_mount,
    routed_content,
    use_analytics,
)
from backstage_py.analytics.compile.auto_capture import AutoCapture
from backstage_py.analytics.compile.memos import instrument_memos
from backstage_py.analytics.compile.route_table import page_routes
from backstage_py.analytics.inventory.capture import Capture
from backstage_py.analytics.inventory.page_captures import (
    frame_captures,
    load_captures,
    navigations,
    page_captures,
)

pytestmark = pytest.mark.usefixtures("memos_as_they_were")

analytics = use_analytics()


class Shop(rx.State):
    name: rx.Field[str] = rx.field("ledger")
    count: rx.Field[int] = rx.field(1)

    @rx.event
    def buy(self, size: str) -> None:
        use_analytics().capture_event("buy", size, value=1, attributes={"size": size, "n": 2})

    @rx.event
    def look(self) -> None:
        self.name = "seen"


@rx.memo
def inventory_memo(label: rx.Var[str]) -> rx.Component:
    return rx.box(
        rx.button(label, on_click=analytics.capture_event("press", label)),
        rx.link("In a memo", href="#memo"),
    )


def captures_of(page: Component, **options: bool) -> list[Capture]:
    capture = AutoCapture(**options)
    instrument_memos(capture)
    return page_captures("/shop", capture.instrument(page, copy.copy))


def one_of(page: Component, **options: bool) -> Capture:
    (found,) = captures_of(page, **options)
    return found


def told(capture: Capture) -> tuple[Any, ...]:
    return capture.source, capture.action, capture.subject, dict(capture.attributes)


def test_a_capture_has_all_known_facts() -> None:
    found = one_of(
        rx.button(
            "Scale",
            on_click=analytics.capture_event(
                "scale",
                Shop.name,
                value=Shop.count,
                attributes={"mode": Shop.name, "many": Shop.count > 2, "n": 3, "s": 'q"(x'},
            ),
        )
    )

    kinds = {"mode": "string", "many": "boolean", "n": "number", "s": "string"}
    assert told(found) == ("capture", "scale", None, kinds)
    assert found.has_value
    assert found.component == "Button.on_click"
    assert (found.plugin_id, found.extension, found.route_ref) == ("root", "App", "unknown")


def test_a_capture_that_takes_the_triggers_arguments_is_found() -> None:
    typed = rx.input(on_change=lambda text: analytics.capture_event("filter", text))

    assert told(one_of(typed)) == ("capture", "filter", None, {})


def test_captures_in_conditions_loops_memos_and_lists_are_found() -> None:
    names: rx.Var[list[str]] = rx.Var.create(["a", "b"])
    page = rx.box(
        rx.cond(Shop.count > 1, rx.button(on_click=analytics.capture_event("press", "cond"))),
        rx.foreach(names, lambda name: rx.button(on_click=analytics.capture_event("press", name))),
        rx.button(on_click=[analytics.capture_event("press", "list"), Shop.look]),
        inventory_memo(label="x"),
    )

    found = {(one.source, one.action, one.subject) for one in captures_of(page)}
    assert found == {
        ("capture", "press", "cond"),
        ("capture", "press", None),
        ("capture", "press", "list"),
        ("link", "click", "In a memo"),
    }


def test_contexts_and_extensions_say_where_a_capture_is() -> None:
    press = rx.button(on_click=analytics.capture_event("press", "x"))
    found = one_of(
        analytics_extension(
            analytics_context(press, attributes={"entityRef": Shop.name, "_inner": 1}),
            plugin_id="shop",
            name="ShopPage",
            route_ref="shop",
        )
    )

    assert (found.plugin_id, found.extension, found.route_ref) == ("shop", "ShopPage", "shop")
    assert found.context_keys == ("entityRef",)


def test_an_inner_context_may_only_be_known_at_run_time() -> None:
    press = rx.button(on_click=analytics.capture_event("press", "x"))

    found = one_of(analytics_context(press, attributes={"pluginId": Shop.name}))

    assert (found.plugin_id, found.extension) == (None, "App")


def test_content_below_a_page_has_its_own_path() -> None:
    press = rx.button(on_click=analytics.capture_event("press", "x"))

    assert one_of(rx.box(routed_content("/docs", press))).path == "/shop/docs"


def test_links_are_called_by_their_text_or_by_where_they_lead() -> None:
    page = rx.box(
        analytics_link("Read", rx.el.b("the docs"), to="/docs"),
        analytics_link(rx.icon("x"), to="/icon"),
        analytics_link(Shop.name, to="/var"),
        analytics_link("Quiet", to="/", no_track=True),
        rx.link("Reflex's own", href="/own"),
        rx.el.a("Nowhere", id="here"),
    )

    assert [told(one) for one in captures_of(page)] == [
        ("link", "click", "Read the docs", {"to": "string"}),
        ("link", "click", "/icon", {"to": "string"}),
        ("link", "click", None, {"to": "string"}),
        ("link", "click", "Reflex's own", {"to": "string"}),
    ]


def test_buttons_are_there_where_they_capture_by_themselves() -> None:
    page = rx.box(rx.button("Save"), rx.icon_button(rx.icon("x"), aria_label="Close"))

    assert captures_of(page) == []
    assert [told(one) for one in captures_of(page, buttons=True)] == [
        ("button", "click", "Save", {}),
        ("button", "click", "Close", {}),
    ]


def test_a_mount_is_a_capture() -> None:
    found = one_of(rx.box(capture_on_mount("not-found", Shop.name, attributes={"kind": "api"})))

    assert told(found) == ("mount", "not-found", None, {"kind": "string"})


def test_what_handlers_capture_has_the_place_of_what_triggers_them() -> None:
    button = rx.button("Buy", on_click=Shop.buy("large"))
    found = one_of(analytics_extension(button, plugin_id="shop", name="ShopPage"))

    assert told(found) == ("handler", "buy", "large", {"size": "string", "n": "number"})
    assert (found.plugin_id, found.component) == ("shop", "Shop.buy (Button.on_click)")


def test_what_a_page_captures_when_it_is_opened_is_outside_of_contexts() -> None:
    (found,) = load_captures("/shop", [AnalyticsState.capture("view", "report"), Shop.look])

    assert told(found) == ("handler", "view", "report", {})
    assert (found.plugin_id, found.path) == ("root", "/shop")


def test_the_frame_around_pages_has_no_path() -> None:
    (found,) = frame_captures([analytics_link("Home", to="/"), None])

    assert (told(found)[:3], found.path) == (("link", "click", "Home"), None)


def test_each_route_navigates_and_so_does_an_unknown_address() -> None:
    page = analytics_extension(
        rx.box(
            routed_content(
                "/api", analytics_extension(plugin_id="api", name="Api", route_ref="api")
            ),
        ),
        plugin_id="shop",
        name="ShopPage",
        route_ref="shop",
    )
    both = analytics_extension(plugin_id="other", name="Other", route_ref="other")

    own, api, held, unknown = navigations(
        [
            *page_routes("shop/[name]", page),
            *page_routes("held", rx.box(page, both)),
        ][:2]
        + [*page_routes("held", rx.box(page, both))][:1]
    )

    assert (own.path, own.plugin_id, own.route_ref) == ("/shop/:name", "shop", "shop")
    assert (own.action, own.subject, own.extension) == ("navigate", None, "App")
    assert own.attributes == {"name": "string"}
    assert (api.path, api.plugin_id) == ("/shop/:name/api", "api")
    assert (held.plugin_id, held.route_ref) == (None, None)
    assert (unknown.path, unknown.plugin_id) == ("*", "root")
