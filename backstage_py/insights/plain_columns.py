"""The base of engines whose columns hold texts, not codes, without precomputed counts."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, literal

from backstage_py.insights.directory_tables import DirectoryTables


class PlainColumns(DirectoryTables):
    """See `Engine`."""

    def visits(self, first: int | None, end: int) -> FromClause | None:  # ruff: ignore[unused-method-argument]
        """See `Engine`: there are none."""
        return None

    def word(self, text: str) -> ColumnElement[Any]:
        """See `Engine`."""
        return literal(text, Text())

    def text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Engine`."""
        return column

    def matching(
        self,
        column: ColumnElement[Any],
        predicate: Callable[[ColumnElement[Any]], ColumnElement[bool]],
    ) -> ColumnElement[bool]:
        """See `Engine`."""
        return predicate(column)

    def session(self, text: str) -> ColumnElement[Any]:
        """See `Engine`."""
        return literal(text, Text())

    def session_text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """See `Engine`."""
        return column
