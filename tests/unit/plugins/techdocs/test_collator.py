from backstage_py.plugins.search.api import SearchDocument, SearchQuery
from backstage_py.plugins.search.vocabulary import Vocabulary
from backstage_py.plugins.techdocs.collator import TechDocsCollator
from tests.unit.plugins.techdocs.conftest import Docs


def collator(docs: Docs, look_seconds: float = 0) -> TechDocsCollator:
    docs.entity()
    return TechDocsCollator(docs.service, docs.catalog, look_seconds=look_seconds)


def test_each_page_is_a_document_with_the_facts_of_its_entity(docs: Docs) -> None:
    docs.write("docs/index.md", "# Welcome\n\nSells **tickets**.")
    docs.write("docs/guides/set up.md", "text")

    start, guide = sorted(collator(docs).collate(), key=lambda one: one.key)

    assert start == SearchDocument(
        type="techdocs",
        key="component:default/shop/",
        title="Welcome | Shop docs",
        text="Welcome Sells tickets.",
        location="/docs/default/component/shop",
        path="",
        name="shop",
        kind="Component",
        namespace="default",
        lifecycle="production",
        owner="group:default/team-a",
    )
    assert (guide.title, guide.path) == ("Set up | Shop docs", "guides/set up")
    assert guide.location == "/docs/default/component/shop/guides/set%20up"


def test_a_documentation_that_cannot_be_read_costs_no_other(docs: Docs) -> None:
    docs.write("docs/index.md")
    docs.describe("kiosk", {"backstage.io/techdocs-ref": "dir:../../.."})

    assert [one.name for one in collator(docs).collate()] == ["shop"]


def test_the_version_changes_with_the_pages_and_with_nothing_else(docs: Docs) -> None:
    docs.write("docs/index.md")
    looked = collator(docs)
    before = looked.version()
    assert looked.version() == before

    docs.write("docs/index.md", "something longer")
    assert looked.version() != before


def test_files_are_looked_at_now_and_then(docs: Docs) -> None:
    docs.write("docs/index.md")
    looked = collator(docs, look_seconds=3600)
    before = looked.version()

    docs.write("docs/index.md", "something longer")
    assert looked.version() == before
    docs.catalog.refresh()
    docs.describe("kiosk", {})
    docs.catalog.refresh()
    assert looked.version() != before


def test_the_search_can_be_limited_to_one_documentation() -> None:
    filters = {"namespace": ("default",), "kind": ("component",), "name": ("shop",)}
    asked = SearchQuery("term", types=("techdocs",), filters=filters)
    document = SearchDocument(
        "techdocs", "k", "t", "x", "/", name="Shop", kind="Component", namespace="default"
    )
    match = asked.to_match(Vocabulary([]))

    assert all(set(one) & set(document.list_facets()) for one in match.facets)
