import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from backstage_py.plugins.techdocs import renderer as renderer_module
from backstage_py.plugins.techdocs.render_process import render as render_page
from backstage_py.plugins.techdocs.renderer import MAX_CHARACTERS, RenderedMarkdown, Renderer

SLOW = "![" * 40_000
"""A text that Markdown needs minutes for."""


@pytest.fixture
def hasty() -> Iterator[Renderer]:
    renderer = Renderer(seconds=0.5)
    yield renderer
    renderer.close()


def render(renderer: Renderer, text: str) -> RenderedMarkdown:
    return renderer.render(text, link=lambda one: f"/link/{one}", file=lambda one: f"/file/{one}")


def html(renderer: Renderer, text: str) -> str:
    rendered = render(renderer, text)
    assert not rendered.problem
    return rendered.html


def test_the_process_inherits_no_secret_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTAGE_PY_SECRET", "only for the portal")
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal:secret@db/portal")

    inherited = renderer_module._environment()

    assert not {"BACKSTAGE_PY_SECRET", "DATABASE_URL"} & inherited.keys()
    assert "secret" not in str(inherited)


def test_a_process_whose_portal_is_gone_ends_by_itself() -> None:
    module = renderer_module.__name__.replace("renderer", "render_process")
    endless = f"from {module} import limit_cpu\nlimit_cpu(1)\nwhile True: pass"

    ended = subprocess.run([sys.executable, "-c", endless], timeout=60, check=False)

    assert ended.returncode == -signal.SIGXCPU


def test_the_extensions_of_techdocs_are_there(renderer: Renderer) -> None:
    text = """\
!!! note "Mind"
    the gap

??? tip
    folded

- [x] done
- [ ] open

=== "First"
    one

=== "Second"
    two

A footnote[^1], ==marked==, ~~struck~~, H~2~O, :smile:, and (c).

[^1]: Here.

```python
print(1)
```

Term
: What it is

> [!WARNING]
> As GitHub writes it

> just a quote
"""
    shown = html(renderer, text)

    for part in (
        '<div class="admonition note">',
        '<details class="tip">',
        '<span class="task-done"></span> done',
        '<span class="task-open"></span> open',
        "<span>First</span><span>Second</span>",
        '<div class="tabbed-content">',
        '<div class="footnote">',
        "<mark>marked</mark>",
        "<del>struck</del>",
        "<sub>2</sub>",
        "😄",
        "©",
        '<div class="highlight">',
        "<dt>Term</dt>",
        '<div class="admonition warning">',
        "<blockquote>",
    ):
        assert part in shown
    assert "<input" not in shown
    assert "<label" not in shown


def test_lists_nest_by_two_spaces(renderer: Renderer) -> None:
    assert html(renderer, "- a\n  - b\n    - c").count("<ul>") == 3


def test_a_mermaid_block_keeps_its_source_and_a_plantuml_block_says_that_it_is_one(
    renderer: Renderer,
) -> None:
    shown = html(
        renderer,
        "```mermaid\ngraph LR; A-->B\n```\n\n```plantuml format='svg' width=\"5px\"\nA -> B\n```",
    )

    assert '<pre class="mermaid"><code>graph LR; A--&gt;B</code></pre>' in shown
    assert "PlantUML diagrams are not drawn here" in shown
    assert "A -&gt; B" in shown


def test_a_configured_server_draws_plantuml_above_its_source() -> None:
    # The example of https://plantuml.com/text-encoding.
    text = "```plantuml\nBob -> Alice : hello\n```"
    server = 'https://plantuml.example/a"b/'

    shown = render_page(text, plantuml_server=server)["html"]
    address = "https://plantuml.example/a&quot;b/svg/SyfFKj2rKt3CoKnELR1Io4ZDoSa70000"
    assert f'<img src="{address}" alt="PlantUML diagram"' in shown
    assert "<summary>Source of the diagram</summary>" in shown
    assert "Bob -&gt; Alice : hello" in shown
    assert "not drawn here" not in shown


def test_the_headings_are_returned_with_their_ids(renderer: Renderer) -> None:
    headings = render(renderer, "# Top\n\n## A *b*\n\n### C\n\n## A b").headings

    assert [(one.id, one.title, one.level) for one in headings] == [
        ("top", "Top", 1),
        ("a-b", "A b", 2),
        ("c", "C", 3),
        ("a-b_1", "A b", 2),
    ]


def test_a_page_that_takes_too_long_is_shown_as_it_is_written(hasty: Renderer) -> None:
    rendered = render(hasty, SLOW)

    assert "longer than 0.5 seconds" in rendered.problem
    assert rendered.html == f"<pre><code>{SLOW}</code></pre>"


def test_html_that_takes_too_long_is_shown_as_it_is_written(hasty: Renderer) -> None:
    rendered = render(hasty, "<div>" * 100_000)

    assert "longer than 0.5 seconds" in rendered.problem
    assert rendered.html.startswith("<pre><code>&lt;div&gt;")


def test_the_page_after_one_that_took_too_long_is_rendered(hasty: Renderer) -> None:
    render(hasty, SLOW)
    patient = Renderer()
    patient._processes[-1]._process = hasty._processes[-1]._process

    assert "<h1" in html(patient, "# Fine")
    patient.close()


def test_a_page_that_is_nested_too_deep_costs_no_other(renderer: Renderer) -> None:
    deep = render(renderer, "\n".join(f"{'  ' * level}- a" for level in range(300)))

    assert "nested too deep" in deep.problem
    assert "<pre><code>- a" in deep.html
    assert "<h1" in html(renderer, "# Fine")


def test_a_page_that_is_too_large_is_cut_and_not_rendered(renderer: Renderer) -> None:
    rendered = render(renderer, "<b>" * MAX_CHARACTERS)

    assert "larger than" in rendered.problem
    assert "<b>" not in rendered.html
    assert len(rendered.html) < 6 * MAX_CHARACTERS


def test_a_process_that_is_gone_is_started_again(renderer: Renderer) -> None:
    render(renderer, "# Fine")
    process = renderer._processes[-1]._process
    assert process is not None
    process.kill()
    process.wait()

    assert "<h1" in html(renderer, "# Fine")


def test_links_and_images_are_resolved_where_files_are_known(renderer: Renderer) -> None:
    shown = html(renderer, '[a](b.md#c) ![d](e.png) [f](https://example.com) `href="x"`')

    assert 'href="/link/b.md#c"' in shown
    assert 'src="/file/e.png"' in shown
    assert 'href="https://example.com"' in shown
