import json
from collections.abc import Sequence

import pytest
import reflex as rx

from backstage_py.analytics import analytics_context, analytics_extension, routed_content
from backstage_py.analytics.capture.dialect import CURRENT
from backstage_py.analytics.compile.route_table import (
    Route,
    page_routes,
    path_pattern,
    plugin_ids,
    routes_module,
)


def page(name: str, plugin: str, *children: rx.Component) -> rx.Component:
    return analytics_extension(*children, plugin_id=plugin, name=name, route_ref=f"{plugin}:{name}")


def named(plugin: str, ref: str) -> dict[str, str]:
    return {"pluginId": plugin, "extension": "App", "routeRef": ref}


@pytest.mark.parametrize(
    ("route", "pattern"),
    [
        ("index", "/"),
        ("/", "/"),
        ("catalog", "/catalog"),
        ("/catalog/[namespace]/[kind]/[name]", "/catalog/:namespace/:kind/:name"),
        ("catalog/[name]/[[...splat]]", "/catalog/:name"),
        ("docs/[...splat]", "/docs"),
    ],
)
def test_a_route_of_reflex_is_a_pattern_of_the_router(route: str, pattern: str) -> None:
    assert path_pattern(route) == pattern


def test_a_page_is_named_after_its_extension() -> None:
    assert list(page_routes("/catalog", page("Index", "catalog"))) == [
        Route("/catalog", named("catalog", "catalog:Index"))
    ]


def test_what_a_page_shows_inside_does_not_change_whose_page_it_is() -> None:
    content = page("Index", "catalog", rx.box(page("Ci", "ci")))

    assert list(page_routes("/catalog", content)) == [
        Route("/catalog", named("catalog", "catalog:Index"))
    ]


def test_a_page_of_no_plugin_is_not_named() -> None:
    assert list(page_routes("/about", rx.text("About"))) == [Route("/about", None)]


def test_a_page_around_one_extension_counts_as_that_extensions() -> None:
    around = rx.fragment(rx.text("Banner"), analytics_context(page("X", "x"), attributes={"a": 1}))

    assert list(page_routes("/x", around)) == [Route("/x", named("x", "x:X"))]


def test_a_page_of_several_plugins_is_held() -> None:
    shown = rx.cond(rx.Var("true").bool(), page("A", "a"), page("B", "b"))

    [route] = page_routes("/tools", rx.fragment(shown))

    assert (route.held, route.context) == (True, {"pluginId": "root", "extension": "App"})


def test_a_page_of_several_places_of_one_plugin_is_named_after_the_plugin_alone() -> None:
    [route] = page_routes("/k8s", rx.fragment(page("Pods", "k8s"), page("Events", "k8s")))

    assert (route.held, route.context) == (False, {"pluginId": "k8s", "extension": "App"})


def test_content_below_a_page_has_a_route_of_its_own_unless_it_gathers_nothing() -> None:
    entity = page(
        "Entity",
        "catalog",
        routed_content("/", rx.text("Overview")),
        routed_content("/docs", page("Docs", "docs")),
        routed_content("/ci", page("Jenkins", "jenkins"), page("Actions", "actions")),
    )

    assert list(page_routes("/catalog/[name]/[[...splat]]", entity)) == [
        Route("/catalog/:name", named("catalog", "catalog:Entity")),
        Route("/catalog/:name/docs", named("docs", "docs:Docs")),
        Route("/catalog/:name/ci", {"pluginId": "root", "extension": "App"}, held=True),
    ]


def test_a_component_extension_is_not_a_page() -> None:
    card = analytics_extension(rx.text("Card"), plugin_id="graph", name="Card")

    assert list(page_routes("/wall", rx.fragment(card))) == [Route("/wall", None)]


def test_a_name_that_is_known_at_run_time_only_is_refused() -> None:
    later = analytics_extension(
        plugin_id=rx.Var("later").to(str),  # pyright: ignore[reportArgumentType]
        name="X",
        route_ref="x",
    )

    with pytest.raises(TypeError, match="only known at run time"):
        list(page_routes("/x", later))


def test_the_table_is_a_module_of_plain_data() -> None:
    held = Route("/y", {"pluginId": "root", "extension": "App"}, held=True)

    module = routes_module([Route("/about", None), Route("/x", named("x", "x:X")), held])

    table = json.loads(module.removeprefix("export const routes = ").removesuffix(";\n"))

    assert table == [
        {"path": "/about"},
        {"path": "/x", "context": named("x", "x:X")},
        {"path": "/y", "context": {**dict(held.context or {}), "_routeNodeType": "gathered"}},
    ]


def current(*routes: Route, plugins: Sequence[str] = ()) -> list[tuple[str, str, bool]]:
    """The table in the current dialect: path, extension, and whether it is exact."""
    module = routes_module(routes, CURRENT, plugins)
    table = json.loads(module.removeprefix("export const routes = ").removesuffix(";\n"))
    return [(one["path"], one["context"]["extensionId"], "exact" in one) for one in table]


def content(name: str, plugin: str) -> rx.Component:
    return analytics_extension(
        rx.text(name), plugin_id=plugin, name=name, route_ref=name, kind="content"
    )


def test_in_the_current_dialect_content_of_the_own_path_goes_before_its_page() -> None:
    entity = page(
        "Entity",
        "catalog",
        routed_content("/", content("Overview", "overview")),
        routed_content("/ci", content("Ci", "ci")),
        routed_content("/empty", rx.text("Nothing of any plugin")),
    )

    routes = page_routes("/catalog/[name]/[[...splat]]", entity, CURRENT)

    assert current(*routes) == [
        ("/catalog/:name", "content:overview/Overview", True),
        ("/catalog/:name/ci", "content:ci/Ci", False),
        ("/catalog/:name", "page:catalog/Entity", False),
    ]


def test_in_the_current_dialect_the_plugin_that_came_first_has_the_path() -> None:
    shown = rx.cond(rx.Var("true").bool(), content("B", "b"), content("A", "a"))
    routes = list(page_routes("/tools", rx.fragment(shown), CURRENT))

    assert current(*routes, plugins=["a", "b"]) == [("/tools", "content:a/A", True)]
    assert current(*routes, plugins=["b", "a"]) == [("/tools", "content:b/B", True)]


def test_plugins_are_in_the_order_of_their_extensions() -> None:
    assert list(plugin_ids(page("X", "x", rx.box(content("Y", "y"))), content("Z", "z"))) == [
        *("x", "y", "z")
    ]
