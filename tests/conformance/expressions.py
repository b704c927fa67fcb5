"""Compares expressions with Backstage's answers: `python -m tests.conformance.expressions FILE`.

A line of the file has `mode` (`value` or `file`), `template`, `context`, and then `value`,
`missing` or `fails`; see FORMAT.md beside the recorded answers.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.renderer import (
    MISSING,
    DirectRenderer,
    Renderer,
)


def compare(file: Path, renderer: Renderer) -> Iterator[tuple[int, str]]:
    """Give each line's number with the difference, empty if there is none."""
    for number, case in enumerate(map(json.loads, file.read_bytes().splitlines()), 1):
        expected, given = _expected(case), _render(case, renderer)
        same = json.dumps(given) == json.dumps(expected)
        yield number, "" if same else f"{case['template']!r}: {given!r}, Backstage: {expected!r}"


def _expected(case: Mapping[str, Any]) -> Any:
    if case.get("fails"):
        return {"fails": True}
    return {"missing": True} if case.get("missing") else {"value": case["value"]}


def _render(case: Mapping[str, Any], renderer: Renderer) -> Any:
    try:
        if case["mode"] == "file":
            return {"value": renderer.render_file(case["template"], case["context"])}
        value = renderer.render(case["template"], case["context"])
    except ExpressionError:
        return {"fails": True}
    return {"missing": True} if value is MISSING else {"value": value}


def main(arguments: Sequence[str]) -> int:
    """Print each difference and the count; gives 1 if any differs."""
    with DirectRenderer() as renderer:
        results = [
            (f"{name}:{number}", difference)
            for name in arguments
            for number, difference in compare(Path(name), renderer)
        ]
    for where, difference in results:
        if difference:
            print(f"{where}: {difference}")
    equal = sum(not difference for _, difference in results)
    print(f"{equal} of {len(results)} equal")
    return int(equal < len(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
