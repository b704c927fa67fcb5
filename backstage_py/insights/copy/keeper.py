"""Keeps the copy like the store: takes in what is new, takes out what is gone, merges parts.

One process of all does it, the holder of a lock. Parts are written under names of their own and
count only when a manifest tells of them, so that a process may be killed anywhere.
"""

import json
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from backstage_py.analytics import (
    Clock,
    EventStore,
    ProcessLock,
    StoredEvent,
    utc_now,
)
from backstage_py.insights.copy.manifest import NAME, Manifest, Part
from backstage_py.insights.copy.open_parts import OpenParts
from backstage_py.insights.copy.part_files import (
    encode,
    merged_part_queries,
    new_part_queries,
    write_part,
)
from backstage_py.insights.copy.staging import to_table
from backstage_py.insights.store_rows import CHECKED_POSITIONS, StoreRows

_logger = logging.getLogger(__name__)

BLOCK_EVENTS = 100_000
"""Of one part that is taken in."""
ENOUGH_EVENTS = 2_000
"""So many new ones are taken in at once, fewer when `PATIENCE_SECONDS` have passed."""
PATIENCE_SECONDS = 30.0
PART_ROWS = 4_000_000
"""Parts are not merged to greater ones: taking rows out means to write a part anew."""
MERGED_PARTS = 4
_KEPT_SECONDS = 60.0


class Keeper:
    """Does its work in steps, each of which may be broken off; usable from any thread."""

    def __init__(self, store: EventStore, folder: Path, *, clock: Clock = utc_now) -> None:
        self._store = store
        self._rows = StoreRows(store.engine)
        self._folder = folder
        self._clock = clock
        self._lock = ProcessLock(store.engine, "insights-copy")
        self._taken_in = time.monotonic()
        self._is_known = False
        self._turn = threading.RLock()

    def step(self, *, at_once: bool = False) -> bool:
        """Take in what is new and do what others asked for; whether this process may.

        Args:
            at_once: Take in new events however few they are.
        """
        with self._turn:
            if not self._begin():
                return False
            self._answer_requests()
            manifest = Manifest.read(self._folder)
            owed = self._store.last_position() - manifest.position
            is_late = time.monotonic() - self._taken_in >= PATIENCE_SECONDS
            if owed >= ENOUGH_EVENTS or (owed > 0 and (at_once or is_late)):
                self._take_in(manifest)
            self._sweep()
            return True

    def reconcile(self) -> int | None:
        """Take out what is gone from the store; how many, or None if another process has to."""
        with self._turn:
            if not self._begin():
                self._request({"reconcile": True})
                return None
            return self._take_out_missing()

    def agrees(self) -> bool:
        """Whether the copy stands for as many rows as the store has up to its position."""
        manifest = Manifest.read(self._folder)
        return self._rows.count(manifest.position) == manifest.counted

    def refresh(self, ids: Iterable[str]) -> bool:
        """Make events like the store has them now, or drop them; whether it is done already.

        Else the process that keeps the copy does it within seconds.
        """
        with self._turn:
            ids = sorted(set(ids))
            if not self._begin():
                self._request({"ids": ids})
                return False
            self._refresh(ids)
            return True

    def rebuild(self) -> bool:
        """Build the copy anew while the old one serves; whether it is done already."""
        with self._turn:
            if not self._begin():
                self._request({"rebuild": True})
                return False
            self._rebuild()
            return True

    def close(self) -> None:
        """Let another process keep the copy."""
        self._lock.release()
        self._is_known = False

    def _begin(self) -> bool:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._lock.acquire():
            return False
        if not self._is_known:
            self._is_known = True
            if not self._is_of_this_store():
                _logger.warning("The copy in %s is of another database: built anew", self._folder)
                self._rebuild()
        return True

    def _is_of_this_store(self) -> bool:
        """Whether the oldest event of both is the same, and all parts can be read."""
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

    def _take_in(self, manifest: Manifest) -> None:
        """All there is, a part for each block."""
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
        """Make one of the newest parts, as long as each is not greater than those behind it."""
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

    def _rebuild(self) -> None:
        """Parts that no manifest tells of yet, until all are there."""
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

    def _take_out_missing(self) -> int:
        manifest = Manifest.read(self._folder)
        if self._rows.count(manifest.position) == manifest.counted:
            return 0
        parts = OpenParts(self._folder, threads=1)
        try:
            parts.show(manifest.parts)
            gone = self._missing(parts, manifest.position)
            if gone is None:
                self._rebuild()
                return 0
            if gone:
                self._publish(self._without(parts, manifest, gone))
            return len(gone)
        finally:
            parts.close()

    def _missing(self, parts: OpenParts, last: int) -> list[int] | None:
        """The positions that only the copy has; None if there are some that it lacks."""
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
        """The manifest with each part that holds one of these rows written anew."""
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

    def _refresh(self, ids: Sequence[str]) -> None:
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

    def _request(self, request: dict[str, Any]) -> None:
        """Leave a request for the process that keeps the copy."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{uuid.uuid4().hex}.request"
        draft = self._folder / f"{name}.new"
        draft.write_text(json.dumps(request), encoding="utf-8")
        draft.rename(self._folder / name)

    def _answer_requests(self) -> None:
        for file in sorted(self._folder.glob("*.request")):
            request = json.loads(file.read_text(encoding="utf-8"))
            if request.get("rebuild"):
                self._rebuild()
            elif request.get("reconcile"):
                self._take_out_missing()
            else:
                self._refresh(request.get("ids", []))
            file.unlink()

    def _sweep(self) -> None:
        """Remove files that no manifest tells of; readers may need them a moment longer."""
        told = {NAME, *(part.file for part in Manifest.read(self._folder).parts)}
        oldest = time.time() - _KEPT_SECONDS
        for file in self._folder.iterdir():
            is_ours = file.suffix in {".duckdb", ".new", ".wal"}
            if is_ours and file.name not in told and file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)
