"""The renderer in a process of its own: the same answers, and nothing that stops the portal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.isolated_renderer import IsolatedRenderer
from backstage_py.plugins.scaffolder.expressions.renderer import MISSING


@pytest.fixture
def renderer() -> Iterator[IsolatedRenderer]:
    with IsolatedRenderer() as opened:
        yield opened


def test_values_and_files_come_back_as_they_are(renderer: IsolatedRenderer) -> None:
    context = {"parameters": {"list": [1, "ü\n", None]}}

    assert renderer.render({"a": "${{ parameters.list }}"}, context) == {"a": [1, "ü\n", None]}
    assert renderer.render("${{ parameters.no }}", context) is MISSING
    assert renderer.render_file("${{ parameters.list }}", context) == "1,ü\n,"


def test_an_endless_expression_ends_the_process_and_not_the_portal() -> None:
    text = "${{ '" + "a" * 40 + "b' | replace(r/^(a+)+$/, '') }}"

    with IsolatedRenderer(seconds=2) as renderer:
        with pytest.raises(ExpressionError, match="takes longer than 2 seconds"):
            renderer.render_file(text, {})

        assert renderer.render("${{ 1 + 1 }}", {}) == 2


def test_extensions_reach_the_process() -> None:
    with IsolatedRenderer(["({ filters: { shout: (text) => `${text}!` } })"]) as renderer:
        assert renderer.render("${{ 'a' | shout }}", {}) == "a!"


def test_the_process_knows_nothing_of_the_portals_environment(
    monkeypatch: pytest.MonkeyPatch, renderer: IsolatedRenderer
) -> None:
    monkeypatch.setenv("BACKSTAGE_PY_SECRET", "hidden-from-templates")
    renderer.render("start", {})
    assert renderer._process is not None

    environment = Path(f"/proc/{renderer._process.pid}/environ").read_bytes()
    assert b"PYTHONPATH=" in environment
    assert b"hidden-from-templates" not in environment


def test_a_closed_renderer_leaves_no_process(renderer: IsolatedRenderer) -> None:
    renderer.render("${{ 1 }}", {})
    process = renderer._process
    assert process is not None
    renderer.close()

    assert process.returncode is not None
