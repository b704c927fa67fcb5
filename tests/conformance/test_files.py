"""Expressions and descriptors give what Backstage's own code gives."""

from pathlib import Path

from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from tests.conformance import descriptors, expressions

FRIENDLIER = {"unclosed-quote.yaml component:default/uq-3"}
"""A quote that is never closed does not take the next document along; see docs/catalog.md."""


def test_expressions_give_what_they_give_in_backstage(shared_folder: Path) -> None:
    file = shared_folder / "conformance" / "templates" / "expressions.jsonl"

    with DirectRenderer() as renderer:
        found = [difference for _, difference in expressions.compare(file, renderer) if difference]

    assert found == []


def test_descriptors_are_read_as_backstage_reads_them(shared_folder: Path) -> None:
    found = descriptors.compare(shared_folder / "conformance" / "descriptors")

    assert {where for where, difference in found if difference} == FRIENDLIER
