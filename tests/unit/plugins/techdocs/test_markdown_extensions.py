from typing import Any

import pytest

from backstage_py.plugins.techdocs.markdown_extensions import ALLOWED, read_extensions
from backstage_py.plugins.techdocs.render_process import render
from tests.unit.plugins.techdocs.conftest import Docs

PAGE = """\
# Title

++ctrl+c++ and $x^2$
[=85% "85%"]

> [!note]
> quoted

/// note | Mind
the gap
///
"""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, {}),
        ("smarty", {}),
        (["smarty", "markdown.extensions.nl2br", 5], {"smarty": {}, "nl2br": {}}),
        (
            {"toc": {"baselevel": 2, "permalink": True}, "smarty": None},
            {"toc": {"baselevel": 2}, "smarty": {}},
        ),
        (
            [{"pymdownx.keys": {"separator": "-"}}, "pymdownx.keys"],
            {"pymdownx.keys": {"separator": "-"}},
        ),
        (["pymdownx.b64", "pymdownx.snippets", "os.path", "mypackage:Evil"], {}),
        (
            [{"pymdownx.magiclink": {"user": None, "repo": [{"a": None}]}}],
            {"pymdownx.magiclink": {}},
        ),
        (
            [{"pymdownx.superfences": {"custom_fences": [{"name": "x"}]}}],
            {"pymdownx.superfences": {}},
        ),
    ],
)
def test_only_harmless_extensions_and_plain_options_count(
    written: Any, read: dict[str, Any]
) -> None:
    assert dict(read_extensions(written)) == read


@pytest.mark.parametrize("name", ALLOWED)
def test_every_extension_can_be_loaded(name: str) -> None:
    assert render(PAGE, extensions=[(name, {})])["toc"][0]["title"] == "Title"


@pytest.mark.parametrize(
    ("name", "options", "text", "html"),
    [
        ("pymdownx.keys", {}, "++ctrl++", '<kbd class="key-control">Ctrl</kbd>'),
        ("pymdownx.progressbar", {}, '[=85% "85%"]', 'style="width:85.0%"'),
        ("pymdownx.quotes", {"callouts": True}, "> [!tip] So\n> it is", 'class="admonition tip"'),
        ("pymdownx.blocks.admonition", {}, PAGE, '<p class="admonition-title">Mind</p>'),
        (
            "pymdownx.arithmatex",
            {"generic": True},
            "$x$",
            '<span class="arithmatex">\\(x\\)</span>',
        ),
        ("nl2br", {}, "a\nb", "a<br>"),
        ("smarty", {}, "a -- b", "a \u2013 b"),
        ("toc", {"baselevel": 3}, "# A", '<h3 id="doc-a">'),
        (
            "wikilinks",
            {"base_url": "javascript:x//"},
            "[[A]]",
            '<a rel="noopener noreferrer">A</a>',
        ),
        ("smarty", {"substitutions": {"ndash": "<script>x</script>"}}, "a -- b", "<p>a  b</p>"),
    ],
)
def test_extensions_draw_what_they_are_for_and_the_result_is_cleaned(
    name: str, options: dict[str, Any], text: str, html: str
) -> None:
    assert html in render(text, extensions=[(name, options)])["html"]


def test_a_site_switches_them_on(docs: Docs) -> None:
    docs.write("mkdocs.yml", "markdown_extensions: [pymdownx.keys]")

    assert "<kbd" in docs.html("++ctrl++")
    assert "<kbd" not in docs.html("<ins>ctrl</ins>")

    docs.write("mkdocs.yml", "site_name: Plain")
    assert "<kbd" not in docs.html("++ctrl++")
