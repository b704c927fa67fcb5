"""Writes recorded events as JSON lines, CSV or Parquet, a block at a time."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import orjson

from backstage_py.analytics.event import RecordedEvent

BLOCK_EVENTS = 5_000
COLUMNS = (
    "id",
    "timestamp",
    "receivedAt",
    "action",
    "subject",
    "value",
    "attributes",
    "context",
    "pluginId",
    "extension",
    "routeRef",
    "sessionId",
    "user",
    "origin",
    "appVersion",
)
"""The columns of a flat export; attributes and context are JSON texts."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Writer = Callable[[Iterable[RecordedEvent], BinaryIO], None]


def write_jsonl(events: Iterable[RecordedEvent], output: BinaryIO) -> None:
    """One JSON object a line, as the events go over the wire."""
    output.writelines(orjson.dumps(event.to_wire()) + b"\n" for event in events)


def write_csv(events: Iterable[RecordedEvent], output: BinaryIO) -> None:
    """One row per event under a header; texts a spreadsheet would run get a `'` (OWASP)."""
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for event in events:
        rows.writerow([_harmless(cell) for cell in _flat(event).values()])
    text.detach()


def write_parquet(events: Iterable[RecordedEvent], output: BinaryIO) -> None:
    """Columns; the times in microseconds of UTC, the value a double."""
    import pyarrow as pa
    from pyarrow import parquet

    moment = pa.timestamp("us", tz="UTC")
    special = {"timestamp": moment, "receivedAt": moment, "value": pa.float64()}
    schema = pa.schema([(column, special.get(column, pa.string())) for column in COLUMNS])
    with parquet.ParquetWriter(output, schema) as writer:
        for block in _blocks(events):
            rows = [
                {**_flat(event), "timestamp": event.timestamp, "receivedAt": event.received_at}
                for event in block
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema))


WRITERS: dict[str, Writer] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}


def _flat(event: RecordedEvent) -> dict[str, Any]:
    wire = event.to_wire()
    flat = {**event.context, **wire}
    for column in ("attributes", "context"):
        flat[column] = orjson.dumps(wire[column]).decode() if column in wire else None
    return {column: flat.get(column) for column in COLUMNS}


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _blocks(events: Iterable[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    iterator = iter(events)
    while block := list(islice(iterator, BLOCK_EVENTS)):
        yield block
