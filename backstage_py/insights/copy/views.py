"""The views of the copy that others read: plain columns, documented in docs/insights-schema.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import ipc, parquet

from backstage_py.analytics import AnalyticsError

VIEWS = ("events", "visits")
"""The views in the order of creation: visits are computed from events."""
BATCH_ROWS = 100_000


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `insights_events` and `insights_visits`, in a connection that reads the copy."""
    for name in VIEWS:
        query = Path(__file__).with_name(f"{name}_view.sql").read_text(encoding="utf-8")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW insights_{name} AS {query}")
    connection.execute("SET TimeZone = 'UTC'")


def describe_views(
    connection: duckdb.DuckDBPyConnection,
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The columns of each view with their types, in order."""
    make_views(connection)
    described = {name: connection.execute(f"DESCRIBE insights_{name}").fetchall() for name in VIEWS}
    return {name: [(row[0], row[1]) for row in rows] for name, rows in described.items()}


def write_view(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    file: Path,
    *,
    where: str,
    values: Sequence[Any],
) -> int:
    """Write the rows of a view as Parquet or Arrow, by the ending of the file's name.

    The file appears under its name when it is complete. Rows are written in batches, so memory does
    not grow with the file.

    Args:
        connection: A connection that reads the copy.
        view: A name of `VIEWS`.
        file: The file; it is replaced if it exists.
        where: The condition on rows, as SQL.
        values: The values of `where`.

    Returns:
        The number of rows.

    Raises:
        AnalyticsError: If the file has another ending.
        OSError: If it cannot be written.
    """
    writers = {".parquet": parquet.ParquetWriter, ".arrow": ipc.new_file}
    if file.suffix not in writers:
        problem = f"{file.name!r} ends with neither {' nor '.join(writers)}"
        raise AnalyticsError("file", problem, "Name it events.parquet or events.arrow")
    make_views(connection)
    query = f"SELECT * FROM insights_{view} WHERE {where}"
    found: pa.RecordBatchReader = connection.sql(query, params=list(values)).to_arrow_reader(
        BATCH_ROWS
    )
    draft = file.with_name(f"{file.name}.new")
    rows = 0
    try:
        with writers[file.suffix](str(draft), found.schema) as writer:
            for batch in found:
                writer.write_batch(batch)
                rows += batch.num_rows
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return rows
