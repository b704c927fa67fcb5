"""Expressions give what Backstage's own code gives."""

from pathlib import Path

from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from tests.conformance.expressions import compare


def test_expressions_give_what_they_give_in_backstage(shared_folder: Path) -> None:
    file = shared_folder / "conformance" / "templates" / "expressions.jsonl"

    assert [difference for _, difference in compare(file, DirectRenderer()) if difference] == []
