"""The table of the copy: events with plain columns, in the order of their positions.

An event that is inserted twice counts once: rows with the same position are merged, and until then
`FINAL` returns the one that was copied last. Unreadable rows of the store are included as
`is_skipped`, so that counts can be compared with the store's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import pyarrow as pa

from backstage_py.analytics import StoredEvent
from backstage_py.insights.clickhouse.server import SentTable
from backstage_py.insights.copy.staging import to_table

FORMAT = "backstage_py 3"
"""The format of the table, stored as its comment; a table of another format is rebuilt."""
SHOWN_ONCE: Mapping[str, int] = {"final": 1}
"""The setting for queries that may read rows which are not merged yet."""
_WORD = "LowCardinality(String)"
_WORD_OR_NONE = "LowCardinality(Nullable(String))"
TYPES: Mapping[str, str] = {
    "position": "Int64",
    "id": "UUID",
    "moment": "Int64",
    "value": "Nullable(Float64)",
    "is_sample": "Bool",
    "is_robot": "Bool",
    **dict.fromkeys(("action", "subject", "plugin_id", "extension", "route_ref", "origin"), _WORD),
    **dict.fromkeys(
        ("user_ref", "app_version", "path", "term", "link_to", "entity_ref"), _WORD_OR_NONE
    ),
    **dict.fromkeys(("session_id", "attributes"), "Nullable(String)"),
    "context": "String",
}
"""The types of the events' columns."""
_CODECS = {"position": "CODEC(Delta, LZ4)", "moment": "CODEC(Delta, LZ4)"}
_DELETED_AT_ONCE = 50_000


class Server(Protocol):
    """The parts of a ClickHouse server that the table needs; see `ClickHouseServer`."""

    def ask(
        self,
        query: str,
        texts: Mapping[str, str] | None = None,
        *,
        settings: Mapping[str, int] | None = None,
        tables: Mapping[str, SentTable] | None = None,
    ) -> list[list[Any]]:
        """The rows of a query."""
        ...

    def command(self, statement: str) -> None:
        """Run a statement without rows."""
        ...

    def insert(self, table: str, rows: pa.Table) -> None:
        """Insert rows, all or none."""
        ...


class EventTable:
    """The table under its name.

    All methods raise ClickHouseError if ClickHouse fails.
    """

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name

    def create(self) -> None:
        """Create it unless it exists."""
        columns = ", ".join(
            f"{name} {kind} {_CODECS.get(name, '')}" for name, kind in TYPES.items()
        )
        self.server.command(
            f"CREATE TABLE IF NOT EXISTS {self.name} ({columns}, "
            "is_skipped Bool, copied_at Int64, INDEX by_moment moment TYPE minmax GRANULARITY 1) "
            f"ENGINE = ReplacingMergeTree(copied_at) ORDER BY position COMMENT '{FORMAT}'"
        )

    def has_our_format(self) -> bool:
        """Whether this format of the copy created the table."""
        rows = self.server.ask(
            "SELECT comment FROM system.tables "
            "WHERE database = currentDatabase() AND name = {name:String}",
            {"name": self.name},
        )
        return rows == [[FORMAT]]

    def position(self) -> int:
        """The position up to which the store is copied; 0 if the table is empty."""
        return self._one(f"SELECT max(position) FROM {self.name}") or 0

    def count(self) -> int:
        """The number of the store's rows that it covers."""
        return self._one(f"SELECT count() FROM {self.name}")

    def count_blocks(self, size: int) -> dict[int, int]:
        """The number of rows in each block of `size` positions, by the block's number."""
        query = f"SELECT intDiv(position, {size}) AS block, count() FROM {self.name} GROUP BY block"
        return {row[0]: row[1] for row in self._ask(query)}

    def positions(self, first: int, end: int) -> set[int]:
        """Its rows between two positions."""
        query = f"SELECT position FROM {self.name} WHERE position >= {first} AND position < {end}"
        return {row[0] for row in self._ask(query)}

    def last_copied_at(self) -> int:
        """When the newest row was copied; 0 if there is none."""
        return self._one(f"SELECT max(copied_at) FROM {self.name}") or 0

    def id_at(self, position: int) -> str | None:
        """The id of the event at a position; None if there is no readable one."""
        query = f"SELECT id FROM {self.name} WHERE position = {position} AND NOT is_skipped"
        rows = self._ask(query)
        return rows[0][0] if rows else None

    def find(self, ids: Sequence[str]) -> list[int]:
        """The positions of these events."""
        sent = {"wanted": SentTable("id UUID", pa.table({"id": pa.array(ids, pa.string())}))}
        query = f"SELECT position FROM {self.name} WHERE id IN (SELECT id FROM wanted)"
        return [row[0] for row in self.server.ask(query, settings=SHOWN_ONCE, tables=sent)]

    def insert(self, stored: Sequence[StoredEvent], now: int) -> None:
        """Insert events, or replace them with the store's current version."""
        skipped = [one.position for one in stored if one.event is None]
        events = to_table(stored)
        rows = pa.concat_tables(
            [_flagged(events, is_skipped=False), _flagged(_nameless(skipped), is_skipped=True)],
            promote_options="default",
        )
        copied_at = pa.array([now] * rows.num_rows, pa.int64())
        self.server.insert(self.name, rows.append_column("copied_at", copied_at))

    def delete(self, positions: Iterable[int], *, before: int | None = None) -> None:
        """Delete rows at once, and from the disk as soon as ClickHouse merges.

        Args:
            positions: The positions of the rows.
            before: Only rows that were copied before this time.
        """
        rest = sorted(positions)
        older = "" if before is None else f" AND copied_at < {before}"
        for start in range(0, len(rest), _DELETED_AT_ONCE):
            some = ", ".join(map(str, rest[start : start + _DELETED_AT_ONCE]))
            self.server.command(f"DELETE FROM {self.name} WHERE position IN ({some}){older}")
        if rest:
            self.server.command(f"ALTER TABLE {self.name} APPLY DELETED MASK")

    def replace_by(self, other: "EventTable") -> None:
        """Replace all rows by those of another table, in one step."""
        self.server.command(f"EXCHANGE TABLES {self.name} AND {other.name}")
        other.drop()

    def drop(self) -> None:
        """Delete the table."""
        self.server.command(f"DROP TABLE IF EXISTS {self.name} SYNC")

    def _ask(self, query: str) -> list[list[Any]]:
        return self.server.ask(query, settings=SHOWN_ONCE)

    def _one(self, query: str) -> Any:
        return self._ask(query)[0][0]


def _nameless(positions: Sequence[int]) -> pa.Table:
    ids = pa.array([str(UUID(int=0))] * len(positions), pa.string())
    return pa.table({"position": pa.array(positions, pa.int64()), "id": ids})


def _flagged(rows: pa.Table, *, is_skipped: bool) -> pa.Table:
    return rows.append_column("is_skipped", pa.array([is_skipped] * rows.num_rows, pa.bool_()))
