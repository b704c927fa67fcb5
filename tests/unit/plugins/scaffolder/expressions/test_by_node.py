"""Random expressions come out as Backstage's engine gives them in Node.js."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstage_py.plugins.scaffolder.expressions import renderer
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer

NODE = shutil.which("node")
RENDERER = DirectRenderer()
PER_EXAMPLE = 200
CONTEXT: dict[str, Any] = {
    "text": "Hello my-service",
    "empty": "",
    "number": 7,
    "fraction": -2.5,
    "yes": True,
    "nothing": None,
    "list": [3, "b", None, [1]],
    "object": {"a": {"b": [1, {"c": "d"}]}, "1": "one", "empty": {}},
    "url": "github.com?owner=o&repo=r",
    "ref": "group:default/web",
}
LITERALS = ("0", "-3", "2.5", "'a'", '"b c"', "true", "false", "none", "[]", "[1, 'x']", "{'k': 1}")
OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "===",
    "<",
    ">=",
    "and",
    "or",
    "~",
    "in",
)
FILTERS = (
    *(
        "upper",
        "lower",
        "title",
        "capitalize",
        "trim",
        "length",
        "first",
        "last",
        "reverse",
        "sort",
    ),
    *("string", "int", "float", "abs", "round", "dump", "list", "join('-')", "default('d')"),
    *("replace('l', 'L')", "truncate(5)", "urlencode", "escape", "sum", "batch(2)", "groupby('a')"),
    *("pick('a')", "parseRepoUrl", "parseEntityRef", "projectSlug", "wordcount", "indent(2)"),
)
TESTS = ("defined", "none", "string", "number", "odd", "iterable", "mapping", "truthy")


class Writer:
    """Writes random templates."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def template(self) -> str:
        """One expression, or a text with blocks and expressions."""
        choose, write = self._random.choice, self.expression
        return choose(
            [
                lambda: f"${{{{ {write(3)} }}}}",
                lambda: f"${{{{ {write(2)} }}}}",
                lambda: f"a ${{{{ {write(2)} }}}} b ${{{{ {write(1)} }}}}",
                lambda: f"{{% if {write(2)} %}}1{{% else %}}[2]{{% endif %}}",
                lambda: f"{{% for x in {write(1)} %}}${{{{ x }}}},{{% endfor %}}",
                lambda: f"{{% set y = {write(2)} %}}${{{{ y }}}}",
            ]
        )()

    def expression(self, depth: int) -> str:
        if depth == 0:
            return self._random.choice([*LITERALS, *CONTEXT, self._path()])
        choose, below = self._random.choice, depth - 1
        return choose(
            [
                self._path,
                lambda: f"({self.expression(below)} {choose(OPERATORS)} {self.expression(below)})",
                lambda: f"{self.expression(below)} | {choose(FILTERS)}",
                lambda: f"({self.expression(below)}) is {choose(TESTS)}",
                lambda: f"(not {self.expression(below)})",
                lambda: (
                    f"({self.expression(below)} if {self.expression(0)} else {self.expression(0)})"
                ),
            ]
        )()

    def _path(self) -> str:
        steps = (".a", ".b", "[0]", "['1']", "[number]", ".missing", ".length")
        tail = "".join(self._random.choices(steps, k=self._random.randint(0, 3)))
        return f"{self._random.choice(list(CONTEXT))}{tail}"


def ask_node(values: list[str]) -> list[Any]:
    assert NODE
    done = subprocess.run(
        [NODE, Path(__file__).with_name("node_answers.cjs"), Path(renderer.__file__).parent],
        input=json.dumps({"values": values, "context": CONTEXT}),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
@settings(max_examples=5)
@given(st.integers(min_value=0, max_value=2**32))
def test_random_expressions(seed: int) -> None:
    writer = Writer(seed)
    values = [writer.template() for _ in range(PER_EXAMPLE)]

    ours = RENDERER.render(values, CONTEXT)
    for value, mine, theirs in zip(values, ours, ask_node(values), strict=True):
        assert mine == theirs, value
