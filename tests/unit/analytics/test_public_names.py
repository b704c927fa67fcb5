import ast
from pathlib import Path

from backstage_py import analytics


def test_every_public_name_is_there() -> None:
    assert all(getattr(analytics, name) is not None for name in dir(analytics))


def test_type_checkers_see_the_same_names() -> None:
    stub = ast.parse(Path(analytics.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    told = [
        alias.name
        for statement in stub.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]
    assert sorted(told) == dir(analytics)
