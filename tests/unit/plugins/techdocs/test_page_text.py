import pytest

from backstage_py.plugins.techdocs.page_text import (
    find_title,
    name_title,
    part_front_matter,
    plain_text,
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Hello", "Hello"),
        ("Intro\n\n# Hello *you* #", "Hello you"),
        ("Hello\n=====\n", "Hello"),
        ("---\ntitle: From above\n---\n# Hello", "From above"),
        ("Title: From\n    two lines\nTags: a\n\n# Hello", "From two lines"),
        ("```\n# no heading\n```\n# A heading", "A heading"),
        ("# Hello {: #there }", "Hello"),
        ("## Only a second", "My page"),
        ("", "My page"),
    ],
)
def test_a_title_is_that_of_the_front_matter_of_the_heading_or_of_the_file(
    text: str, title: str
) -> None:
    assert find_title(text, "guides/my-page.md") == title


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("index.md", "Home"),
        ("guides/index.md", "Guides"),
        ("how_to-run.md", "How to run"),
        ("FAQ.md", "FAQ"),
        ("guides", "Guides"),
    ],
)
def test_a_file_lends_its_name(file: str, title: str) -> None:
    assert name_title(file) == title


@pytest.mark.parametrize("matter", ["a: [", "x: &a [*a]", "- list"])
def test_a_broken_front_matter_breaks_nothing(matter: str) -> None:
    facts, text = part_front_matter(f"---\n{matter}\n---\n# Page")

    assert facts == {}
    assert "# Page" in text


def test_the_words_of_a_page_are_without_its_marks() -> None:
    text = """\
---
title: Not part of it
---
# Title

!!! warning "Mind the gap"
    Really **mind** it. [Read more](more.md "hint") ![a picture](a.png)

| a | b |
|---|---|
| c | `d` |

```python title="x.py"
print("code stays")
```

```mermaid
graph LR; A --> B
```

<div class="x">html <b>goes</b></div>
"""
    assert plain_text(text) == (
        'Title "Mind the gap" Really mind it. Read more a picture a b c d'
        ' print("code stays") html goes'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 50_000,
        "\n" * 200_000,
        "# " + " " * 100_000 + "x",
        "[" * 200_000,
        "[a](" * 50_000,
        "```mermaid\n" * 20_000,
    ],
)
def test_no_text_keeps_the_search_busy(text: str) -> None:
    assert len(plain_text(text)) <= 200_000
    find_title(text, "index.md")


@pytest.mark.parametrize(
    ("text", "matter", "body"),
    [
        ("Title: A\nauthor: B\n  C\n\nText", {"title": "A", "author": "B"}, "  C\n\nText"),
        ("Title: A\nauthor: B\n    C\n\n\nText", {"title": "A", "author": "B C"}, "Text"),
        ("A: 1\nA: 2", {"a": "1 2"}, ""),
        ("Text\nTitle: A", {}, "Text\nTitle: A"),
        ("\nTitle: A", {}, "\nTitle: A"),
    ],
)
def test_lines_of_metadata_are_read_as_mkdocs_reads_them(
    text: str, matter: dict[str, str], body: str
) -> None:
    assert part_front_matter(text) == (matter, body)
