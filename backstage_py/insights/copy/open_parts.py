"""Parts attached to a DuckDB of this process, and views over all of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from backstage_py.insights.copy.manifest import Part
from backstage_py.insights.copy.part_files import DICTIONARIES, visits_query
from backstage_py.insights.events import COLUMNS

_TYPES = {
    "position": "BIGINT",
    "id": "UUID",
    "moment": "BIGINT",
    "value": "DOUBLE",
    "is_sample": "BOOLEAN",
    "is_robot": "BOOLEAN",
}
_TEXT = "code INTEGER, text VARCHAR"


class OpenParts:
    """The views `all_events`, `all_skipped`, `all_words`, `all_sessions` and `all_details`.

    The views include tables with the same columns (`own_events` and so on) for events that are not
    in a part yet. `all_visits` counts these by the texts of the table `words`.
    """

    def __init__(
        self, folder: Path, *, threads: int | None = None, words: str = "own_words"
    ) -> None:
        self._folder = folder
        self._words = words
        self._aliases: dict[str, str] = {}
        self.connection = duckdb.connect(":memory:")
        if threads is not None:
            self.connection.execute(f"SET threads = {threads}")
        columns = ", ".join(f"{name} {_TYPES.get(name, 'INTEGER')}" for name in COLUMNS)
        self.connection.execute(f"CREATE TABLE own_events ({columns})")
        self.connection.execute("CREATE TABLE own_skipped (position BIGINT)")
        for name in DICTIONARIES:
            self.connection.execute(f"CREATE TABLE own_{name} ({_TEXT})")
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS {words} ({_TEXT})")
        self._make_views()

    def show(self, parts: Sequence[Part]) -> list[str]:
        """Show exactly these parts in the views; returns the aliases of new ones.

        Raises:
            duckdb.IOException: If the file of a part no longer exists.
        """
        wanted = {part.file for part in parts}
        new = [part.file for part in parts if part.file not in self._aliases]
        for file in new:
            quoted = str(self._folder / file).replace("'", "''")
            alias = f"p_{Path(file).stem}"
            self.connection.execute(f"ATTACH '{quoted}' AS {alias} (READ_ONLY)")
            self._aliases[file] = alias
        gone = [file for file in self._aliases if file not in wanted]
        left = {file: self._aliases.pop(file) for file in gone}
        if new or gone:
            self._make_views()
        for alias in left.values():
            self.connection.execute(f"DETACH {alias}")
        return [self._aliases[file] for file in new]

    def alias(self, part: Part) -> str:
        """The name under which a part is attached."""
        return self._aliases[part.file]

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(query, list(values)).fetchall()

    def close(self) -> None:
        """Close the files."""
        self.connection.close()

    def _make_views(self) -> None:
        for name in ("events", "skipped", *DICTIONARIES):
            tables = [f"SELECT * FROM {alias}.{name}" for alias in self._aliases.values()]
            union = " UNION ALL ".join([*tables, f"SELECT * FROM own_{name}"])
            self.connection.execute(f"CREATE OR REPLACE VIEW all_{name} AS {union}")
        visits = [f"SELECT * FROM {alias}.visits" for alias in self._aliases.values()]
        own = visits_query("own_events", self._words)
        union = " UNION ALL ".join([*visits, f"SELECT * FROM ({own})"])
        self.connection.execute(f"CREATE OR REPLACE VIEW all_visits AS {union}")
