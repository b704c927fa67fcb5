"""The documentation sites of the Backstage project, whole."""

import re
import shutil
from pathlib import Path

import pytest

from backstage_py.plugins.techdocs.site import DocsSite, NavNode
from tests.conftest import PROJECT
from tests.unit.plugins.techdocs.conftest import Docs

SITES = {
    "backstage-demo": 9,
    "create-app-example-docs": 1,
    "documented-component": 4,
    "techdocs-cli-example-docs": 4,
}


def addresses(nodes: tuple[NavNode, ...]) -> list[str]:
    """The addresses of a navigation."""
    return [
        *(node.address for node in nodes if node.address is not None),
        *(address for node in nodes for address in addresses(node.children)),
    ]


def open_site(docs: Docs, folder: Path) -> DocsSite:
    shutil.copytree(folder, docs.folder, dirs_exist_ok=True)
    return docs.site()


@pytest.mark.parametrize("name", SITES)
def test_every_page_of_a_site_renders_and_is_in_its_navigation(
    docs: Docs, example_sites: Path, name: str
) -> None:
    site = open_site(docs, example_sites / name)

    pages = {address: docs.service.get_page(site, address) for address in site.pages}

    assert not site.problem
    assert len(pages) == SITES[name]
    assert sorted(addresses(site.nav)) == sorted(pages)
    for page in pages.values():
        assert not page.problem
        assert page.title
        assert page.headings
        assert "is not shown" not in page.html
    assert not [one.title for one in site.order if "include" in one.title]


@pytest.mark.parametrize("name", SITES)
def test_every_link_and_image_of_a_site_leads_somewhere(
    docs: Docs, example_sites: Path, name: str
) -> None:
    site = open_site(docs, example_sites / name)
    base = "/docs/default/component/shop"
    static = "/api/techdocs/static/default/component/shop/"

    for address in site.pages:
        html = docs.service.get_page(site, address).html
        for target in re.findall(r'(?:href|src)="(/[^"#]*)', html):
            if target.startswith(static):
                file = target.removeprefix(static)
                assert file in site.files or file == "examples/files/sample1.py", target
            else:
                assert target.removeprefix(base).lstrip("/") in site.pages, target


def test_the_kinds_of_content_are_there(docs: Docs, example_sites: Path) -> None:
    site = open_site(docs, example_sites / "documented-component")
    html = docs.service.get_page(site, "extensions").html

    for part in ("admonition warn", "<details", "task-done", "👍", "PlantUML diagrams", "download"):
        assert part in html


def test_the_included_sites_are_named_by_the_navigation(docs: Docs, example_sites: Path) -> None:
    site = open_site(docs, example_sites / "techdocs-cli-example-docs")

    assert [one.title for one in site.order] == ["Home", "Home 2", "Introduction", "Introduction"]
    assert [one.address for one in site.order] == ["", "subdocs", "plugin-a", "plugin-b"]


def test_the_documentation_of_this_project_renders_in_its_own_portal(docs: Docs) -> None:
    shutil.copy(PROJECT / "mkdocs.yml", docs.folder)
    shutil.copytree(PROJECT / "docs", docs.folder / "docs", dirs_exist_ok=True)
    site = docs.site()

    problems = {address: docs.service.get_page(site, address).problem for address in site.pages}

    assert not site.problem
    assert len(problems) == len(list((PROJECT / "docs").glob("*.md")))
    assert set(problems.values()) == {""}
