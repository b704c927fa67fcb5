"""How many expressions of templates are rendered in a second, and how soon the first one is."""

import time
from collections.abc import Iterator
from typing import Any

from backstage_py.plugins.scaffolder.expressions.isolated_renderer import IsolatedRenderer
from backstage_py.plugins.scaffolder.expressions.renderer import Renderer

EXPRESSIONS = 10_000
AT_ONCE = 500
CONTEXT = {
    "parameters": {"name": "shop", "owner": "group:default/web", "ports": [80, 443], "docs": True},
    "steps": {"publish": {"output": {"remoteUrl": "https://git.example/web/shop"}}},
}
WRITTEN = (
    "${{ parameters.name }}",
    "Service ${{ parameters.name | upper }} of ${{ (parameters.owner | parseEntityRef).name }}",
    "${{ parameters.ports | join(', ') }}",
    "${{ 'yes' if parameters.docs else 'no' }}",
    "{% for port in parameters.ports %}${{ port + 1 }} {% endfor %}",
    "${{ steps.publish.output.remoteUrl }}/blob/main",
)


def measure() -> Iterator[dict[str, Any]]:
    """Measure the renderer as tasks use it: in a process of its own, with its bounds."""
    began = time.perf_counter()
    with IsolatedRenderer(()) as renderer:
        renderer.render(WRITTEN[0], CONTEXT)
        first = time.perf_counter() - began
        yield {
            "benchmark": "expressions",
            "seconds_to_first": round(first, 3),
            "per_second_each_alone": _count_per_second(renderer, 1),
            f"per_second_{AT_ONCE}_in_one_input": _count_per_second(renderer, AT_ONCE),
        }


def _count_per_second(renderer: Renderer, at_once: int) -> int:
    values = [WRITTEN[number % len(WRITTEN)] for number in range(at_once)]
    rounds = (EXPRESSIONS if at_once > 1 else EXPRESSIONS // 10) // at_once
    began = time.perf_counter()
    for _ in range(rounds):
        renderer.render(values, CONTEXT)
    return round(rounds * at_once / (time.perf_counter() - began))
