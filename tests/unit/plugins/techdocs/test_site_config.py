import pytest

from backstage_py.plugins.techdocs.site_config import (
    MAX_ENTRIES,
    NavEntry,
    SiteConfig,
    SiteConfigError,
    read_site_config,
)

REAL = """
site_name: Shop
site_description: How it sells
repo_url: https://github.com/acme/shop
edit_uri: edit/main/docs/
docs_dir: handbook
nav:
  - Home: index.md
  - Guides:
      - guides/a.md
      - Second: guides/b.md
  - Elsewhere: https://example.com
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:materialx.emoji.twemoji
      emoji_generator: !!python/name:materialx.emoji.to_svg
plugins:
  - techdocs-core
  - redirects:
      redirect_maps:
        old.md: guides/a.md
"""


def test_what_is_needed_is_read_and_tags_of_python_are_tolerated() -> None:
    assert read_site_config(REAL) == SiteConfig(
        name="Shop",
        description="How it sells",
        docs_dir="handbook",
        repo_url="https://github.com/acme/shop",
        edit_uri="edit/main/docs/",
        nav=(
            NavEntry("Home", "index.md"),
            NavEntry(
                "Guides",
                children=(NavEntry("", "guides/a.md"), NavEntry("Second", "guides/b.md")),
            ),
            NavEntry("Elsewhere", "https://example.com"),
        ),
        redirects={"old.md": "guides/a.md"},
        extensions=(("pymdownx.emoji", {}),),
    )


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['touch /tmp/techdocs-ran']",
        "!!python/object/new:subprocess.Popen [['touch', '/tmp/techdocs-ran']]",
        "!!python/name:os.system",
        "!!python/module:os",
        "!ENV [SECRET, default]",
        "!relative $docs_dir",
    ],
)
def test_a_tag_is_read_as_nothing_and_never_run(value: str) -> None:
    assert read_site_config(f"site_name: {value}\nsite_description: still here") == SiteConfig(
        description="still here"
    )


@pytest.mark.parametrize("value", ["[1]", "{a: b}", "null", "true"])
def test_a_value_of_another_type_counts_as_missing(value: str) -> None:
    assert not read_site_config(f"repo_url: {value}").repo_url


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://host", "https://a b", "//host"])
def test_a_repository_is_a_web_address(url: str) -> None:
    assert not read_site_config(f"repo_url: '{url}'").repo_url


def test_an_empty_file_is_a_site_of_defaults() -> None:
    assert read_site_config("") == SiteConfig()


def test_an_include_without_quotes_is_an_include() -> None:
    config = read_site_config("nav:\n  - Sub: !include ./sub/mkdocs.yml")

    assert config.nav == (NavEntry("Sub", "!include ./sub/mkdocs.yml"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a list", "must be a mapping"),
        ("a: [", "not valid YAML"),
        ("a: \x00", "not valid YAML"),
        ("a: " + "[" * 5_000, "nested deeper"),
        ("site_name: " + "x" * 300_000, "larger than"),
        ("a: &a [x]\nb: [" + ", ".join(["*a"] * 50) + "]", "aliases"),
    ],
)
def test_an_invalid_configuration_says_why(text: str, reason: str) -> None:
    with pytest.raises(SiteConfigError, match=reason):
        read_site_config(text)


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    lines = ["a0: &a0 [lol, lol, lol]"]
    lines += [f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, 11)]

    config = read_site_config("\n".join([*lines, "nav: []"]))

    assert config.nav == ()


def test_a_recursive_navigation_comes_to_an_end() -> None:
    config = read_site_config("nav: &nav\n  - Again: *nav\n  - Page: a.md")

    assert config.nav is not None
    assert NavEntry("Page", "a.md") in config.nav


def test_a_navigation_of_too_many_entries_is_cut() -> None:
    text = "nav:\n" + "".join(f"- p{count}.md\n" for count in range(MAX_ENTRIES + 100))

    config = read_site_config(text)

    assert config.nav is not None
    assert len(config.nav) == MAX_ENTRIES
