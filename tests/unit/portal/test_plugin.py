from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
import reflex as rx

from backstage_py.portal.plugin import (
    CardExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PluginError,
    PortalPlugin,
    PortalRegistry,
)
from backstage_py.portal.routes import RouteRef

HOME = RouteRef("home", "/")
ENTITY = RouteRef("catalog:entity", "/catalog/[name]", open_ended=True)


class Pages:
    """Takes pages as an app does."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.rendered: dict[str, str] = {}
        self.loads: dict[str, object] = {}
        self.modules: dict[str, str] = {}

    def add_page(
        self, component: Callable[[], rx.Component], *, route: str, title: str, on_load: object
    ) -> None:
        self.titles[route] = title
        self.modules[route] = component.__module__
        self.rendered[route] = str(component())
        self.loads[route] = on_load


class BuiltApp:
    """Takes pages without evaluating them, as an app does that is already built."""

    def add_page(self, component: object, **options: object) -> None:
        pass


def mounted(*plugins: PortalPlugin) -> Pages:
    pages = Pages()
    PortalRegistry(plugins).mount(cast("rx.App", pages), app_title="Portal")
    return pages


def a_page(name: str, ref: RouteRef) -> PageExtension:
    return PageExtension(
        name=name,
        route_ref=ref,
        title=name,
        page=lambda contents: rx.box(*(content.component for content in contents)),
    )


def test_a_page_is_mounted_in_the_context_of_its_declaration() -> None:
    pages = mounted(PortalPlugin(id="home", pages=(a_page("HomePage", HOME),)))

    assert pages.titles == {"/": "HomePage | Portal"}
    assert 'name:"HomePage",pluginId:"home",routeRef:"home"' in pages.rendered["/"]


def test_content_of_another_plugin_appears_on_the_page_in_its_own_context() -> None:
    catalog = PortalPlugin(id="catalog", pages=(a_page("EntityPage", ENTITY),))
    docs = PortalPlugin(
        id="docs",
        contents=(
            ContentExtension(
                attach_to=ENTITY,
                name="EntityDocs",
                path="/docs",
                title="Docs",
                content=lambda _cards: rx.text("Read me"),
                route_ref="docs:entity",
            ),
        ),
    )

    rendered = mounted(catalog, docs).rendered["/catalog/[name]/[[...splat]]"]

    assert 'name:"EntityDocs",pluginId:"docs",routeRef:"docs:entity"' in rendered


def test_the_sidebar_has_the_items_of_all_plugins_in_their_order() -> None:
    plugins = [
        PortalPlugin(id=name, nav_items=(NavItem(name, "house", HOME),)) for name in ("b", "a")
    ]

    assert [item.text for item in PortalRegistry(plugins).nav_items] == ["b", "a"]


@pytest.mark.parametrize(
    ("plugins", "message"),
    [
        ([PortalPlugin(id="a"), PortalPlugin(id="a")], "plugin id 'a'"),
        (
            [
                PortalPlugin(id="a", pages=(a_page("A", HOME),)),
                PortalPlugin(id="b", pages=(a_page("B", HOME),)),
            ],
            "path '/'",
        ),
        (
            [PortalPlugin(id="a", pages=(a_page("A", HOME), a_page("A", ENTITY)))],
            "extension of a 'A'",
        ),
    ],
)
def test_plugins_that_do_not_fit_together_are_refused(
    plugins: list[PortalPlugin], message: str
) -> None:
    with pytest.raises(PluginError, match=f"the {message} is declared 2 times"):
        PortalRegistry(plugins)


def test_a_card_in_a_content_has_the_context_of_its_own_plugin() -> None:
    overview = ContentExtension(
        attach_to=ENTITY,
        name="Overview",
        path="/",
        title="Overview",
        content=lambda cards: rx.box(*(card.component for card in cards)),
    )
    catalog = PortalPlugin(
        id="catalog", pages=(a_page("EntityPage", ENTITY),), contents=(overview,)
    )
    card = CardExtension(attach_to="Overview", name="MembersCard", card=lambda: rx.text("Members"))

    rendered = mounted(catalog, PortalPlugin(id="org", cards=(card,))).rendered

    [page] = rendered.values()
    assert 'name:"MembersCard",pluginId:"org"' in page
    assert "Members" in page


def test_a_card_of_no_content_is_refused() -> None:
    card = CardExtension(attach_to="Overvew", name="MembersCard", card=lambda: rx.text("Members"))

    with pytest.raises(PluginError, match="'MembersCard' of 'org' is attached to 'Overvew'"):
        PortalRegistry([PortalPlugin(id="org", cards=(card,))])


def test_a_page_is_built_where_it_is_defined() -> None:
    pages = mounted(PortalPlugin(id="home", pages=(a_page("HomePage", HOME),)))

    assert pages.modules == {"/": __name__}


def test_a_content_learns_its_cards_although_no_page_is_evaluated() -> None:
    told: list[str] = []
    overview = ContentExtension(
        attach_to=ENTITY,
        name="Overview",
        path="/",
        title="Overview",
        content=lambda _: rx.box(),
        on_cards=lambda cards: told.extend(card.name for card in cards),
    )
    last, first = (
        CardExtension("Overview", "Last", rx.box, order=1),
        CardExtension("Overview", "First", rx.box),
    )
    plugin = PortalPlugin(id="catalog", contents=(overview,), cards=(last, first))

    PortalRegistry([plugin]).mount(cast("rx.App", BuiltApp()), app_title="Portal")

    assert told == ["First", "Last"]


def test_a_page_loads_what_its_cards_and_contents_need_before_its_own() -> None:
    loads: list[object] = []
    names = ("page", "state", "content", "card")
    page, state, content, card = (lambda name=name: loads.append(name) for name in names)
    plugin = PortalPlugin(
        id="catalog",
        pages=(replace(a_page("EntityPage", ENTITY), on_load=[page, state]),),
        contents=(
            ContentExtension(
                ENTITY, "Overview", "/", "Overview", lambda _: rx.box(), on_load=content
            ),
        ),
        cards=(CardExtension("Overview", "Card", rx.box, on_load=card),),
    )

    assert mounted(plugin).loads == {ENTITY.reflex_route: [card, content, page, state]}


def test_plugins_are_called_as_in_the_sidebar_else_as_their_first_page() -> None:
    home = PortalPlugin(
        id="home", pages=(a_page("HomePage", HOME),), nav_items=(NavItem("Home", "house", HOME),)
    )
    catalog = PortalPlugin(id="catalog", pages=(a_page("EntityPage", ENTITY),))

    registry = PortalRegistry([home, catalog, PortalPlugin(id="org")])

    assert registry.plugin_titles == {"home": "Home", "catalog": "EntityPage"}
    assert registry.page_titles == {"/": "HomePage"}
