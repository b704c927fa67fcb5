"""The content shown at an address."""

import pytest

from backstage_py.plugins.catalog.api import EntityRef
from backstage_py.plugins.techdocs.reading import Reading, read
from backstage_py.plugins.techdocs.rows import HeadingRow, LinkRow, NavRow, PageRow, SiteRow
from tests.unit.plugins.techdocs.conftest import BASE, Docs

TAB = "/catalog/default/component/shop/docs"


@pytest.fixture
def handbook(docs: Docs) -> Docs:
    docs.write(
        "mkdocs.yml",
        """\
        site_name: Handbook
        repo_url: https://github.com/acme/shop
        nav:
          - Home: index.md
          - Guides: [set up.md, last.md]
        plugins:
          redirects:
            redirect_maps: {old.md: last.md#end, out.md: 'https://example.com/'}
        """,
    )
    docs.write("docs/index.md", "# Home\n\n## One\n\n### Two\n\n#### Three\n\n## Four")
    docs.write("docs/set up.md", "# Set up")
    docs.write("docs/last.md", "# Last")
    return docs


def shown(docs: Docs, rest: str, *, base: str = BASE, name: str = "shop") -> Reading:
    docs.entity()
    ref = EntityRef("component", "default", name)
    return read(docs.service, docs.catalog, ref, rest=rest, base=base)


def page(docs: Docs, rest: str, base: str = BASE) -> PageRow:
    found = shown(docs, rest, base=base).page
    assert found is not None
    return found


def test_a_site_has_a_head_and_a_navigation(handbook: Docs) -> None:
    reading = shown(handbook, "")

    assert reading.site == SiteRow(
        name="Handbook",
        entity_title="Shop",
        entity_path="/catalog/default/component/shop",
        lifecycle="production",
        source_url="https://github.com/acme/shop",
        issue_url="https://github.com/acme/shop/issues/new?title=",
        owners=reading.site.owners if reading.site else [],
    )
    assert reading.nav == [
        NavRow("Home", BASE),
        NavRow(
            "Guides", "", [NavRow("Set up", f"{BASE}/set%20up"), NavRow("Last", f"{BASE}/last")]
        ),
    ]


def test_a_page_has_its_headings_and_its_neighbours(handbook: Docs) -> None:
    row = page(handbook, "/set up/")

    assert (row.title, row.path) == ("Set up", f"{BASE}/set%20up")
    assert row.edit_url == "https://github.com/acme/shop/edit/master/docs/set up.md"
    assert row.before == [LinkRow("Home", BASE)]
    assert row.after == [LinkRow("Last", f"{BASE}/last")]
    assert page(handbook, "").headings == [
        HeadingRow("one", "One", 0),
        HeadingRow("two", "Two", 1),
        HeadingRow("four", "Four", 0),
    ]


def test_in_a_tab_pages_stay_below_the_tab(handbook: Docs) -> None:
    reading = shown(handbook, "", base=TAB)

    assert reading.nav[0].to == TAB
    assert page(handbook, "", TAB).after == [LinkRow("Set up", f"{TAB}/set%20up")]


@pytest.mark.parametrize("rest", ["/last", "/last/", "/last/index.html", "/last.html"])
def test_the_addresses_of_mkdocs_lead_to_the_page(handbook: Docs, rest: str) -> None:
    assert page(handbook, rest).title == "Last"


@pytest.mark.parametrize("rest", ["/nope", "/../../etc/passwd", "/index.md", "/last/more"])
def test_a_page_that_is_not_there_leaves_the_navigation(handbook: Docs, rest: str) -> None:
    reading = shown(handbook, rest)

    assert reading.page is None
    assert "no such page" in reading.missing
    assert reading.nav


def test_an_entity_without_documentation_says_so(handbook: Docs) -> None:
    handbook.describe("kiosk", {})

    assert "no entity of this name" in shown(handbook, "", name="nobody").missing
    assert "backstage.io/techdocs-ref" in shown(handbook, "", name="kiosk").missing
    assert shown(handbook, "", name="kiosk").site is None


def test_a_page_that_has_moved_leads_on(handbook: Docs) -> None:
    assert shown(handbook, "/old").moved_to == f"{BASE}/last#end"
    assert not shown(handbook, "/old").leaves_portal
    assert shown(handbook, "/out").moved_to == "https://example.com/"
    assert shown(handbook, "/out").leaves_portal
