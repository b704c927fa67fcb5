"""The copy in files of DuckDB, its parts.

Parts are written under new names and count only once a manifest lists them, so that a process may
be killed anywhere.
"""

import logging
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from backstage_py.analytics import Clock, EventStore, FileLock, StoredEvent, utc_now
from backstage_py.insights.copy.duckdb_engine import DuckDbEngine
from backstage_py.insights.copy.folder_requests import FolderRequests
from backstage_py.insights.copy.manifest import NAME, Manifest, Part
from backstage_py.insights.copy.open_parts import OpenParts
from backstage_py.insights.copy.part_files import (
    encode,
    merged_part_queries,
    new_part_queries,
    write_part,
)
from backstage_py.insights.copy.reader import CopyReader
from backstage_py.insights.copy.staging import to_table
from backstage_py.insights.directory import Directory
from backstage_py.insights.store_rows import CHECKED_POSITIONS, StoreRows

_logger = logging.getLogger(__name__)

BLOCK_EVENTS = 100_000
"""The maximum number of events of a new part."""
ENOUGH_EVENTS = 2_000
"""The number of new events added at once; fewer when `PATIENCE_SECONDS` have passed."""
PATIENCE_SECONDS = 30.0
PART_ROWS = 4_000_000
"""The maximum size of merged parts, since removing rows means writing a part again."""
MERGED_PARTS = 4
_KEPT_SECONDS = 60.0


class DuckDbTable:
    """See `CopyTable`."""

    def __init__(self, store: EventStore, folder: Path, *, clock: Clock = utc_now) -> None:
        self._store = store
        self._rows = StoreRows(store.engine)
        self._folder = folder
        self._clock = clock
        self._reader = CopyReader(store, folder)
        self._taken_in = time.monotonic()
        self.name = str(folder)
        self.requests = FolderRequests(folder)
        # Of this folder and not of the database: each node keeps a copy of its own.
        self.lock = FileLock(folder / "keeper.lock")

    @contextmanager
    def fresh(self, directory: Directory) -> Generator[DuckDbEngine]:
        """See `CopyTable`."""
        with self._reader.fresh() as freshness:
            yield DuckDbEngine(self._reader, directory, freshness)

    def reread(self) -> None:
        """See `CopyTable`."""
        self._reader.reread()

    def position(self) -> int:
        """See `CopyTable`."""
        return Manifest.read(self._folder).position

    def agrees(self) -> bool:
        """See `CopyTable`."""
        manifest = Manifest.read(self._folder)
        return self._rows.count(manifest.position) == manifest.counted

    def prepare(self) -> None:
        """See `CopyTable`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take_in(self, *, at_once: bool) -> None:
        """See `CopyTable`.

        A few events wait for more, since each block becomes a file that has to be merged; readers
        get events that are not in a part yet from the store.
        """
        manifest = Manifest.read(self._folder)
        owed = self._store.last_position() - manifest.position
        is_late = time.monotonic() - self._taken_in >= PATIENCE_SECONDS
        if owed >= ENOUGH_EVENTS or (owed > 0 and (at_once or is_late)):
            self._take_in_all(manifest)
        self._sweep()

    def close(self) -> None:
        """See `CopyTable`."""
        self._reader.close()

    def is_of_this_store(self) -> bool:
        """Whether copy and store have the same oldest event, and all parts can be read."""
        manifest = Manifest.read(self._folder)
        if not manifest.parts:
            return True
        oldest = self._rows.oldest()
        parts = OpenParts(self._folder, threads=1)
        try:
            parts.show(manifest.parts)
            if oldest is None or oldest[0] > manifest.position:
                return oldest is not None
            position, id_ = oldest
            found = parts.ask(
                "SELECT id::VARCHAR FROM all_events WHERE position = ? UNION ALL "
                "SELECT NULL FROM all_skipped WHERE position = ?",
                [position, position],
            )
            return bool(found) and found[0][0] in {None, id_}
        except Exception:
            _logger.exception("A part of the copy cannot be read")
            return False
        finally:
            parts.close()

    def _take_in_all(self, manifest: Manifest) -> None:
        """Copy all events, one part per block."""
        parts = OpenParts(self._folder, threads=1)
        try:
            parts.show(manifest.parts)
            while stored := self._store.after(manifest.position, BLOCK_EVENTS):
                manifest = self._with_new_part(parts, manifest, stored)
                manifest = self._merge(parts, manifest)
                self._publish(manifest)
                parts.show(manifest.parts)
                self._taken_in = time.monotonic()
        finally:
            parts.close()

    def _with_new_part(
        self, parts: OpenParts, manifest: Manifest, stored: Sequence[StoredEvent]
    ) -> Manifest:
        codes = encode(parts.connection, to_table(stored), manifest.codes)
        skipped = [one.position for one in stored if one.event is None]
        span = (stored[0].position, stored[-1].position)
        part = write_part(parts.connection, self._folder, new_part_queries(skipped), span)
        return replace(
            manifest,
            parts=(*manifest.parts, part),
            codes=codes,
            position=max(manifest.position, stored[-1].position),
        )

    def _merge(self, parts: OpenParts, manifest: Manifest) -> Manifest:
        """Merge the newest parts into one, once there are enough of similar size.

        A part joins only while it has at most twice the rows of all newer ones together. So a row
        is rewritten only a few times (as in a log-structured merge tree), and a large part is never
        rewritten for a small one.
        """
        tail: list[Part] = []
        rows = 0
        for part in reversed(manifest.parts):
            if (tail and part.rows > 2 * rows) or rows + part.rows > PART_ROWS:
                break
            tail.insert(0, part)
            rows += part.rows
        if len(tail) < MERGED_PARTS:
            return manifest
        parts.show(manifest.parts)
        queries = merged_part_queries([parts.alias(part) for part in tail])
        span = (min(part.low for part in tail), max(part.high for part in tail))
        merged = write_part(parts.connection, self._folder, queries, span)
        return replace(manifest, parts=(*manifest.parts[: -len(tail)], merged))

    def _publish(self, manifest: Manifest) -> None:
        replace(manifest, copied_at=self._clock().isoformat()).write(self._folder)

    def rebuild(self) -> None:
        """See `CopyTable`; no manifest lists the new parts until all of them exist."""
        old = Manifest.read(self._folder)
        manifest = Manifest(cleanings=old.cleanings + 1)
        parts = OpenParts(self._folder, threads=1)
        try:
            while stored := self._store.after(manifest.position, BLOCK_EVENTS):
                manifest = self._with_new_part(parts, manifest, stored)
                manifest = self._merge(parts, manifest)
                parts.show(manifest.parts)
            self._publish(manifest)
        finally:
            parts.close()
        self._sweep()

    def reconcile(self) -> int:
        """See `CopyTable`; counts decide whether and where to compare position by position."""
        manifest = Manifest.read(self._folder)
        if self._rows.count(manifest.position) == manifest.counted:
            return 0
        parts = OpenParts(self._folder, threads=1)
        try:
            parts.show(manifest.parts)
            gone = self._missing(parts, manifest.position)
            if gone is None:
                # Rows came in behind the copy's position, as after a restored backup.
                self.rebuild()
                return 0
            if gone:
                self._publish(self._without(parts, manifest, gone))
            return len(gone)
        finally:
            parts.close()

    def _missing(self, parts: OpenParts, last: int) -> list[int] | None:
        """The positions that only the copy has; None if it lacks some of the store's."""
        ours = dict(
            parts.ask(
                f"SELECT position // {CHECKED_POSITIONS}, count(*) FROM (SELECT position FROM "
                "all_events UNION ALL SELECT position FROM all_skipped) GROUP BY 1"
            )
        )
        theirs = self._rows.count_blocks(last)
        gone: list[int] = []
        for block in ours.keys() | theirs.keys():
            if ours.get(block, 0) == theirs.get(block, 0):
                continue
            first = block * CHECKED_POSITIONS
            after = first + CHECKED_POSITIONS
            known = self._rows.positions(first, min(after, last + 1))
            copied = {
                row[0]
                for row in parts.ask(
                    "SELECT position FROM all_events WHERE position >= ? AND position < ? "
                    "UNION ALL "
                    "SELECT position FROM all_skipped WHERE position >= ? AND position < ?",
                    [first, after, first, after],
                )
            }
            if known - copied:
                return None
            gone += copied - known
        return gone

    def _without(self, parts: OpenParts, manifest: Manifest, gone: Sequence[int]) -> Manifest:
        """The manifest after each part with one of these rows was rewritten.

        `cleanings` grows: readers must drop cached words, since a word may have been only in those
        rows.
        """
        parts.connection.execute("CREATE OR REPLACE TEMP TABLE gone (position BIGINT)")
        parts.connection.executemany("INSERT INTO gone VALUES (?)", [[one] for one in gone])
        kept: list[Part] = []
        for part in manifest.parts:
            alias = parts.alias(part)
            hit = parts.ask(
                f"SELECT count(*) FROM gone WHERE position IN (SELECT position FROM {alias}.events "
                f"UNION ALL SELECT position FROM {alias}.skipped)"
            )[0][0]
            if not hit:
                kept.append(part)
            elif hit < part.rows + part.skipped:
                queries = merged_part_queries([alias], without="SELECT position FROM gone")
                span = (part.low, part.high)
                kept.append(write_part(parts.connection, self._folder, queries, span))
        return replace(manifest, parts=tuple(kept), cleanings=manifest.cleanings + 1)

    def refresh(self, ids: Sequence[str]) -> None:
        """See `CopyTable`."""
        manifest = Manifest.read(self._folder)
        parts = OpenParts(self._folder, threads=1)
        try:
            parts.show(manifest.parts)
            found = parts.ask(
                "SELECT position FROM all_events WHERE id IN (SELECT unnest(?::VARCHAR[])::UUID)",
                [list(ids)],
            )
            positions = [row[0] for row in found]
            if not positions:
                return
            manifest = self._without(parts, manifest, positions)
            parts.show(manifest.parts)
            for start in range(0, len(positions), 500):
                if stored := self._store.at(positions[start : start + 500]):
                    manifest = self._with_new_part(parts, manifest, stored)
            self._publish(manifest)
        finally:
            parts.close()

    def _sweep(self) -> None:
        """Remove files that no manifest names; readers may need them a moment longer."""
        named = {NAME, *(part.file for part in Manifest.read(self._folder).parts)}
        oldest = time.time() - _KEPT_SECONDS
        for file in self._folder.iterdir():
            is_ours = file.suffix in {".duckdb", ".new", ".wal"}
            if is_ours and file.name not in named and file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)
