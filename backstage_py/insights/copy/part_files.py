"""Part files: a DuckDB database each, written once and then only read.

Texts are codes in `events`; a part contains the texts of all its codes in three dictionaries:
`words`, `sessions`, and `details` (attributes and contexts as JSON). A code means the same text in
every part.
"""

import os
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from backstage_py.insights.buckets import QUARTER
from backstage_py.insights.copy.manifest import Part, sync_folder
from backstage_py.insights.events import COLUMNS, TEXTS

DICTIONARIES: Mapping[str, tuple[str, ...]] = {
    "words": TEXTS,
    "sessions": ("session_id",),
    "details": ("attributes", "context"),
}
_CODED = {column: name for name, columns in DICTIONARIES.items() for column in columns}
SLOT = QUARTER
_SMALL_ROWS = 50_000
_SMALL_BLOCK = 16_384
_BLOCK = 262_144


def encode(
    connection: duckdb.DuckDBPyConnection,
    table: pa.Table,
    codes: Mapping[str, int],
    *,
    step: int = 1,
) -> dict[str, int]:
    """Make the tables `coded_events` and `coded_<dictionary>` of a connection from events.

    The connection's views `all_<dictionary>` contain the texts that already have codes; others get
    the next ones after `codes`, in steps of `step`.

    Returns:
        The last codes after it.
    """
    connection.register("staging", table)
    last = dict(codes)
    for name, columns in DICTIONARIES.items():
        last[name] = _encode_texts(connection, name, columns, codes.get(name, 0), step)
    joins = " ".join(
        f"LEFT JOIN coded_{name} AS c_{column} ON c_{column}.text = s.{column}"
        for column, name in _CODED.items()
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE coded_events AS SELECT {_coded_columns()} "
        f"FROM staging AS s {joins} ORDER BY s.position"
    )
    connection.unregister("staging")
    return last


def _encode_texts(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    last: int,
    step: int,
) -> int:
    texts = " UNION ".join(f"SELECT {column} AS text FROM staging" for column in columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE found AS "
        f"SELECT f.text, any_value(a.code) AS code FROM ({texts}) AS f "
        f"LEFT JOIN all_{name} AS a ON a.text = f.text WHERE f.text IS NOT NULL GROUP BY f.text"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE coded_{name} AS "
        f"SELECT coalesce(code, {last} + {step} * row_number() "
        f"OVER (PARTITION BY code IS NULL ORDER BY text))::INTEGER AS code, text FROM found"
    )
    new = connection.execute("SELECT count(*) FROM found WHERE code IS NULL").fetchall()[0][0]
    return last + step * new


def _coded_columns() -> str:
    special = {"id": "s.id::UUID AS id"}
    return ", ".join(
        f"c_{column}.code AS {column}" if column in _CODED else special.get(column, f"s.{column}")
        for column in COLUMNS
    )


def write_part(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: Mapping[str, str],
    span: tuple[int, int],
) -> Part:
    """Write a part from queries for its tables, durably, under a new name.

    Args:
        connection: The connection that runs the queries.
        folder: The folder of the copy.
        tables: The queries, by table name.
        span: The positions it covers, both inclusive.
    """
    rows = connection.execute(f"SELECT count(*) FROM ({tables['events']})").fetchall()[0][0]
    file = f"{uuid.uuid4().hex}.duckdb"
    draft = folder / f"{file}.new"
    block = _SMALL_BLOCK if rows < _SMALL_ROWS else _BLOCK
    with attached(connection, draft, "draft", f"BLOCK_SIZE {block}"):
        for name, query in tables.items():
            connection.execute(f"CREATE TABLE draft.{name} AS {query}")
        visits = visits_query("draft.events", "draft.words")
        connection.execute(f"CREATE TABLE draft.visits AS {visits} ORDER BY slot")
        skipped = connection.execute("SELECT count(*) FROM draft.skipped").fetchall()[0][0]
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.rename(folder / file)
    sync_folder(folder)
    return Part(file, *span, rows, skipped)


@contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, file: Path, name: str, options: str = "READ_ONLY"
) -> Generator[None]:
    """Attach a database file under a name, inside the `with` block."""
    quoted = str(file).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name} ({options})")
    try:
        yield
    finally:
        connection.execute(f"DETACH {name}")


def visits_query(events: str, words: str) -> str:
    """The counts of each visit in each quarter of an hour: a tenth as many rows as events.

    Days of all zones consist of whole quarters, so these can be counted in any zone.
    """

    def is_(action: str) -> str:
        return f"action IN (SELECT code FROM {words} WHERE text = '{action}')"

    return (
        f"SELECT moment // {SLOT} AS slot, user_ref, session_id, is_sample, is_robot, "
        f"count(*) AS events, count(*) FILTER ({is_('navigate')}) AS navigations, "
        f"count(*) FILTER ({is_('create')}) AS runs, "
        f"coalesce(sum(value) FILTER ({is_('create')}), 0)::DOUBLE AS minutes "
        f"FROM {events} GROUP BY ALL"
    )


def new_part_queries(skipped: Sequence[int]) -> dict[str, str]:
    """The queries for a part from the tables of `encode`."""
    positions = ", ".join(f"({position})" for position in skipped)
    rows = f"(VALUES {positions})" if skipped else "(SELECT 0::BIGINT WHERE false)"
    return {
        "events": "SELECT * FROM coded_events ORDER BY position",
        **{name: f"SELECT * FROM coded_{name} ORDER BY code" for name in DICTIONARIES},
        "skipped": f"SELECT position::BIGINT AS position FROM {rows} AS t(position)",
    }


def merged_part_queries(aliases: Sequence[str], *, without: str | None = None) -> dict[str, str]:
    """The queries for a part from attached parts.

    Args:
        aliases: The names of the attached parts.
        without: A query for the positions to leave out, with words that only they used.
    """

    def union(table: str) -> str:
        return " UNION ALL ".join(f"SELECT * FROM {alias}.{table}" for alias in aliases)

    wanted = f"WHERE position NOT IN ({without})" if without else ""
    events = f"SELECT * FROM ({union('events')}) {wanted} ORDER BY position"
    queries = {
        "events": events,
        "skipped": f"SELECT * FROM ({union('skipped')}) {wanted} ORDER BY position",
    }
    for name, columns in DICTIONARIES.items():
        used = " UNION ".join(f"SELECT {column} FROM ({events})" for column in columns)
        only = f"WHERE code IN ({used})" if without else ""
        queries[name] = f"SELECT DISTINCT code, text FROM ({union(name)}) {only} ORDER BY code"
    return queries
