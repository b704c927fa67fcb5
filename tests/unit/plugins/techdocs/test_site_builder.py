"""What a folder becomes: the navigation, the pages, and what is refused."""

from pathlib import Path

import pytest

from backstage_py.plugins.techdocs.errors import NoDocsError, PageNotFoundError
from backstage_py.plugins.techdocs.site import NavNode
from tests.unit.plugins.techdocs.conftest import STATIC, Docs


def outline(nodes: tuple[NavNode, ...]) -> list[object]:
    """The titles and addresses of a navigation."""
    return [
        [node.title, outline(node.children)] if node.children else (node.title, node.address)
        for node in nodes
    ]


def test_a_navigation_is_as_it_is_written(docs: Docs) -> None:
    docs.write(
        "mkdocs.yml",
        """\
        site_name: Shop handbook
        site_description: All about it
        nav:
          - Home: index.md
          - guides/setup.md
          - Deeper:
              - Even deeper:
                  - One: guides/one.md
              - Picture: images/a.png
              - Site: https://example.com
              - Mail: mailto:docs@example.com
          - Gone: gone.md
          - Bad: javascript:alert(1)
          - Out: ../../secret.md
        """,
    )
    for page in ("index.md", "guides/one.md", "images/a.png"):
        docs.write(f"docs/{page}")
    docs.write("docs/guides/setup.md", "# Setting up")

    site = docs.site()

    assert (site.name, site.description) == ("Shop handbook", "All about it")
    assert outline(site.nav) == [
        ("Home", ""),
        ("Setting up", "guides/setup"),
        [
            "Deeper",
            [
                ["Even deeper", [("One", "guides/one")]],
                ("Picture", None),
                ("Site", None),
                ("Mail", None),
            ],
        ],
    ]
    assert [node.url for node in site.nav[2].children[1:]] == [
        f"{STATIC}/images/a.png",
        "https://example.com",
        "mailto:docs@example.com",
    ]
    assert [one.address for one in site.order] == ["", "guides/setup", "guides/one"]


def test_without_a_navigation_it_is_made_from_the_files(docs: Docs) -> None:
    for page in ("b.md", "index.md", "a.md", "z/README.md", "z/deep/x.md", "img/a.png"):
        docs.write(f"docs/{page}", f"# {page}" if page.endswith("a.md") else "text")

    site = docs.site()

    assert site.name == "Shop"
    assert outline(site.nav) == [
        ("Home", ""),
        ("a.md", "a"),
        ("B", "b"),
        ["Z", [("Z", "z"), ["Deep", [("X", "z/deep/x")]]]],
    ]


def test_the_readme_beside_the_docs_is_the_start_page_if_there_is_no_other(docs: Docs) -> None:
    docs.write("README.md", "# Read me")
    docs.write("docs/more.md")

    assert docs.page().title == "Read me"
    assert set(docs.site().pages) == {"", "more"}


def test_an_index_wins_over_a_readme_beside_it(docs: Docs) -> None:
    docs.write("docs/README.md", "# No")
    docs.write("docs/index.md", "# Yes")

    assert docs.page().title == "Yes"


def test_without_a_start_page_the_first_of_the_navigation_is_shown(docs: Docs) -> None:
    docs.write("mkdocs.yml", "nav: [b.md, a.md]")
    docs.write("docs/a.md", "# A")
    docs.write("docs/b.md", "# B")

    assert docs.page().title == "B"


def test_a_broken_configuration_costs_no_page(docs: Docs) -> None:
    docs.write("mkdocs.yml", "site_name: [")
    docs.write("docs/index.md", "# Still here")

    assert docs.page().title == "Still here"
    assert docs.site().problem.startswith("mkdocs.yml: it is not valid YAML")


def test_a_docs_dir_may_be_named_and_must_not_lead_out(docs: Docs) -> None:
    docs.write("handbook/index.md", "# Handbook")
    docs.write("mkdocs.yml", "docs_dir: ./handbook/")
    assert docs.page().title == "Handbook"

    docs.write("mkdocs.yml", "docs_dir: ../other")
    docs.write("../other/index.md", "secret")
    docs.write("README.md", "# Beside")
    assert "leads out of the documentation" in docs.site().problem
    assert docs.page().title == "Beside"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "neither a mkdocs.yml nor a page"),
        ({"mkdocs.yml": "site_name: x"}, "no page in its docs_dir"),
        ({"mkdocs.yml": "docs_dir: nowhere"}, "no page in its docs_dir"),
        ({"docs/a.png": "x"}, "neither a mkdocs.yml nor a page"),
    ],
)
def test_a_folder_without_a_page_is_not_documentation(
    docs: Docs, files: dict[str, str], reason: str
) -> None:
    for name, text in files.items():
        docs.write(name, text)

    with pytest.raises(NoDocsError, match=reason):
        docs.site()


@pytest.mark.parametrize("target", ["dir:../../..", "dir:/etc", "/etc", "dir:./nowhere"])
def test_a_reference_leads_to_a_folder_of_its_location(docs: Docs, target: str) -> None:
    docs.write("docs/index.md")
    docs.describe("shop", {"backstage.io/techdocs-ref": target})

    with pytest.raises(NoDocsError):
        docs.site()


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/", "https://localhost/", "http://10.0.0.1/x"]
)
def test_an_address_in_the_internal_network_is_not_read(docs: Docs, address: str) -> None:
    docs.describe("shop", {"backstage.io/techdocs-ref": f"url:{address}"})

    with pytest.raises(NoDocsError):
        docs.site()


def test_symlinks_and_hidden_files_are_not_part_of_it(docs: Docs, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret", encoding="utf-8")
    docs.write("docs/index.md")
    docs.write("docs/.git/config.md", "secret")
    (docs.folder / "docs" / "link.md").symlink_to(secret)
    (docs.folder / "docs" / "out").symlink_to(tmp_path)

    site = docs.site()

    assert set(site.files) == {"index.md"}
    for file in ("link.md", "out/secret.md", ".git/config.md", "../mkdocs.yml", "/etc/passwd"):
        with pytest.raises(PageNotFoundError):
            site.read(file)


def test_a_snippet_is_a_file_of_the_documentation(docs: Docs, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    docs.write("docs/part.md", "part")
    for path in ("../../secret.md", "/etc/passwd", "../shop.yaml", "https://localhost/x"):
        html = docs.html(f'--8<-- "docs/part.md"\n\n--8<-- "{path}"\n')
        assert "<p>part</p>" in html
        assert "secret" not in html.replace("secret.md", "")
        assert "root:" not in html
        assert "is not shown" in html


def test_included_sites_are_part_of_it(docs: Docs) -> None:
    docs.write(
        "mkdocs.yml",
        """\
        site_name: All
        nav:
          - Home: index.md
          - Sub: '!include ./sub/mkdocs.yml'
          - '*include ./plugins/*/mkdocs.yml'
        """,
    )
    docs.write("docs/index.md", "[one](plugin-a/index.md) [two](sub-docs/more.md)")
    docs.write("sub/mkdocs.yml", "site_name: sub-docs\nnav: [{Start: index.md}, more.md]")
    docs.write("sub/docs/index.md", "![x](a.png)")
    docs.write("sub/docs/a.png", b"png")
    docs.write("sub/docs/more.md", "# More\n\n[back](index.md)")
    for name in ("b", "a"):
        docs.write(f"plugins/{name}/mkdocs.yml", f"site_name: Plugin {name.upper()}")
        docs.write(f"plugins/{name}/docs/index.md", f"# Plugin {name.upper()}")
    docs.write("plugins/deep/er/mkdocs.yml", "site_name: no")

    site = docs.site()

    assert outline(site.nav) == [
        ("Home", ""),
        ["Sub", [("Start", "sub-docs"), ("More", "sub-docs/more")]],
        ["Plugin A", [("Plugin A", "plugin-a")]],
        ["Plugin B", [("Plugin B", "plugin-b")]],
    ]
    assert not site.problem
    assert f'{STATIC}/sub-docs/a.png"' in docs.page("sub-docs").html
    assert "/docs/default/component/shop/sub-docs/more" in docs.page().html
    assert '"/docs/default/component/shop/sub-docs"' in docs.page("sub-docs/more").html


@pytest.mark.parametrize(
    ("nav", "problem"),
    [
        ("'!include ../other/mkdocs.yml'", "leads out of the documentation"),
        ("'!include ./gone/mkdocs.yml'", "cannot be included"),
        ("'*include ../../*/mkdocs.yml'", "leads out of the documentation"),
        ("'!include /etc/passwd'", "leads out of the documentation"),
        ("'!include ./mkdocs.yml'", "too many includes"),
    ],
)
def test_an_impossible_include_is_reported_and_affects_no_page(
    docs: Docs, nav: str, problem: str
) -> None:
    docs.write("mkdocs.yml", f"nav: [index.md, Sub: {nav}]")
    docs.write("docs/index.md", "# Here")

    assert problem in docs.site().problem
    assert docs.page().title == "Here"


def test_pages_that_have_moved_lead_on(docs: Docs) -> None:
    docs.write(
        "mkdocs.yml",
        """\
        plugins:
          - redirects:
              redirect_maps:
                old.md: new.md
                deep/old.md: new.md#part
                out.md: https://example.com/x
                bad.md: javascript:alert(1)
                up.md: ../../up.md
        """,
    )
    docs.write("docs/new.md")

    assert docs.site().redirects == {
        "old": "new",
        "deep/old": "new#part",
        "out": "https://example.com/x",
        "bad": "javascript:alert(1)",
    }


def test_what_is_at_a_web_address_is_read_by_its_navigation(
    docs: Docs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.unit.plugins.catalog.conftest import Network, open_sources

    network = Network(
        {
            "https://host.example/d/mkdocs.yml": "site_name: Far\nnav: [Home: index.md, a/b.md]",
            "https://host.example/d/docs/index.md": "[b](a/b.md) [c](c.md)",
            "https://host.example/d/docs/a/b.md": "# Bee",
            "https://host.example/d/docs/c.md": "# Sea",
        }
    )
    docs.describe("shop", {"backstage.io/techdocs-ref": "url:https://host.example/d"})
    docs.entity()
    monkeypatch.setattr(docs.catalog, "_open_sources", lambda: open_sources(docs.base_dir, network))

    site = docs.service.get_site(docs.catalog.get_entity("component", "default", "shop"))

    assert outline(site.nav) == [("Home", ""), ("Bee", "a/b")]
    assert docs.service.get_page(site, "a/b").title == "Bee"
    assert docs.service.get_page(site, "c").title == "Sea"
    with pytest.raises(PageNotFoundError):
        docs.service.get_page(site, "gone")


def test_files_that_exclude_docs_names_are_neither_pages_nor_files(docs: Docs) -> None:
    docs.write("mkdocs.yml", "site_name: Shop\nexclude_docs: |\n  drafts/\n  *.tmp\n  !kept.tmp\n")
    for name in ("index.md", "drafts/plan.md", "a.tmp", "kept.tmp", "templates/t.md", ".x/y.md"):
        docs.write(f"docs/{name}")

    site = docs.site()

    assert set(site.files) == {"index.md", "kept.tmp"}
    with pytest.raises(PageNotFoundError):
        site.read("drafts/plan.md")


def test_a_readme_as_start_page_has_links_that_lead_into_the_docs(docs: Docs) -> None:
    docs.write("mkdocs.yml", "site_name: Shop")
    docs.write("README.md", "# Shop\n\n[Guide](docs/guide.md) ![Map](./docs/img/map.png)")
    docs.write("docs/guide.md")
    docs.write("docs/img/map.png", b"png")

    page = docs.page().html

    assert 'href="/docs/default/component/shop/guide"' in page
    assert "/img/map.png" in page
    assert "docs/img" not in page.replace("/docs/default", "").replace("techdocs", "")


def test_a_page_without_a_heading_shows_its_title(docs: Docs) -> None:
    docs.write("mkdocs.yml", "site_name: Shop\nnav: [{Start here: index.md}]")
    docs.write("docs/index.md", "Just text & more.")

    assert docs.page().html.startswith("<h1>Start here</h1>")
