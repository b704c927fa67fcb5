"""Sites and pages over time: when they are built, and whose documentation is shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.techdocs.documented import has_docs
from backstage_py.plugins.techdocs.errors import NoDocsError, PageNotFoundError
from backstage_py.plugins.techdocs.renderer import Renderer
from backstage_py.plugins.techdocs.routes import find_docs_path
from backstage_py.plugins.techdocs.service import TechDocsService
from backstage_py.plugins.techdocs.site_builder import SiteBuilder
from tests.unit.plugins.catalog.sources.test_git_tree import commit, make_repository
from tests.unit.plugins.techdocs.conftest import Docs


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str], list[Any]]:
    """Counts the calls of a method."""

    def count_calls(owner: type, name: str) -> list[Any]:
        calls: list[Any] = []
        method = getattr(owner, name)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            calls.append(args)
            return method(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, call)
        return calls

    return count_calls


def test_a_page_is_rendered_when_it_is_first_asked_for_and_when_it_changes(
    docs: Docs, count: Callable[[type, str], list[Any]]
) -> None:
    docs.write("docs/index.md", "one")
    docs.write("docs/other.md", "other")
    rendered = count(Renderer, "render")

    for _ in range(3):
        assert "one" in docs.page().html
    assert len(rendered) == 1

    docs.write("docs/index.md", "two, longer")
    assert "two" in docs.page().html
    assert len(rendered) == 2


def test_a_page_changes_with_what_it_includes(docs: Docs) -> None:
    docs.write("docs/index.md", '--8<-- "docs/part.txt"')
    docs.write("docs/part.txt", "one")
    assert "one" in docs.page().html

    docs.write("docs/part.txt", "two, longer")
    assert "two" in docs.page().html


def test_a_navigation_is_built_once_for_each_change_of_the_folder(
    docs: Docs, count: Callable[[type, str], list[Any]]
) -> None:
    docs.write("docs/index.md")
    built = count(SiteBuilder, "build")

    for _ in range(3):
        docs.page()
    assert len(built) == 1

    docs.write("docs/new.md", "# New")
    assert "new" in docs.site().pages
    docs.write("mkdocs.yml", "site_name: Named")
    assert docs.site().name == "Named"
    assert len(built) == 3


def test_files_are_not_looked_at_again_for_a_moment(
    docs: Docs, renderer: Renderer, count: Callable[[type, str], list[Any]]
) -> None:
    service = TechDocsService(docs.catalog, renderer=renderer, check_seconds=3600)
    docs.write("docs/index.md")
    service.get_site(docs.entity())
    opened = count(type(docs.catalog), "open_folder")

    service.get_site(docs.entity())

    assert opened == []


def test_pages_take_a_limited_room(docs: Docs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs.service._pages, "_limit", 3_000)
    for number in range(20):
        docs.write(f"docs/p{number}.md", "word " * 100)
        docs.page(f"p{number}")

    assert docs.service._pages.weight <= 3_000


def test_a_missing_page_is_reported(docs: Docs) -> None:
    docs.write("docs/index.md")

    for address in ("nope", "index.md", "../index", "docs", "%2e%2e"):
        with pytest.raises(PageNotFoundError):
            docs.page(address)


def test_the_title_of_the_navigation_wins(docs: Docs) -> None:
    docs.write("mkdocs.yml", "nav: [Start here: index.md]")
    docs.write("docs/index.md", "# Welcome")

    assert docs.page().title == "Start here"


def test_a_front_matter_is_not_part_of_the_page(docs: Docs) -> None:
    assert docs.html("---\ntitle: Named\n---\ntext") == "<h1>Named</h1>\n<p>text</p>"
    assert docs.page().title == "Named"


def test_an_entity_may_have_the_documentation_of_another_one(docs: Docs) -> None:
    docs.write("docs/index.md", "# Of the shop")
    docs.describe("kiosk", {"backstage.io/techdocs-entity": "component:default/shop"})

    kiosk = docs.entity("kiosk")

    assert has_docs(kiosk)
    assert find_docs_path(kiosk) == "/docs/default/component/shop"
    assert docs.service.get_page(docs.service.get_site(kiosk), "").title == "Of the shop"
    assert [one.name for one in docs.service.list_sites()] == ["shop"]
    assert [one.name for one in docs.service.list_entities()] == ["kiosk", "shop"]


@pytest.mark.parametrize(
    ("annotations", "path"),
    [
        ({}, ""),
        ({"backstage.io/techdocs-ref": "dir:."}, "/docs/default/component/kiosk"),
        ({"backstage.io/techdocs-entity": "shop"}, "/docs/default/component/shop"),
        (
            {
                "backstage.io/techdocs-entity": "component:shop",
                "backstage.io/techdocs-entity-path": "/guides/x/",
            },
            "/docs/default/component/shop/guides/x",
        ),
        ({"backstage.io/techdocs-entity": "::"}, ""),
    ],
)
def test_the_way_to_a_documentation(docs: Docs, annotations: dict[str, str], path: str) -> None:
    docs.describe("kiosk", annotations)

    assert find_docs_path(docs.entity("kiosk")) == path


@pytest.mark.parametrize(
    "annotations",
    [
        {},
        {"backstage.io/techdocs-entity": "component:default/nobody"},
        {"backstage.io/techdocs-entity": "component:default/kiosk"},
        {"backstage.io/techdocs-entity": "::"},
    ],
)
def test_an_entity_without_documentation_has_no_site(
    docs: Docs, annotations: dict[str, str]
) -> None:
    docs.describe("kiosk", annotations)

    with pytest.raises(NoDocsError):
        docs.site("kiosk")


def test_what_is_committed_is_shown_of_a_git_location(
    tmp_path: Path, docs: Docs, renderer: Renderer
) -> None:
    repository = make_repository(tmp_path / "repos" / "shop")
    descriptor = (tmp_path / "catalog" / "shop.yaml").read_text(encoding="utf-8")
    commit(repository, {"catalog-info.yaml": descriptor, "shop/docs/index.md": "# Committed"})
    catalog = CatalogService.from_config(
        [{"type": "git", "target": "repos/shop"}], base_dir=tmp_path
    )
    catalog.refresh()
    service = TechDocsService(catalog, renderer=renderer, check_seconds=0)
    entity = catalog.get_entity("component", "default", "shop")
    assert service.get_page(service.get_site(entity), "").title == "Committed"

    commit(repository, {"shop/docs/index.md": "# Committed again"})
    assert service.get_page(service.get_site(entity), "").title == "Committed again"
