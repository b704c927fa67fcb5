"""Reads the copy, and from the store the events that are not in it yet."""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
from sqlalchemy import func, select

from backstage_py.analytics import AnalyticsEventRow, EventStore
from backstage_py.insights.columnar_copy import Freshness
from backstage_py.insights.copy.manifest import NAME, Manifest
from backstage_py.insights.copy.open_parts import OpenParts
from backstage_py.insights.copy.part_files import DICTIONARIES, encode
from backstage_py.insights.copy.staging import to_table
from backstage_py.insights.directory import Directory
from backstage_py.storage import table_of

_EVENTS = table_of(AnalyticsEventRow)
_READ_EVENTS = 10_000
_TRIES = 5


_Span: TypeAlias = tuple[int | None, int | None]
_SPAN = "SELECT min(moment), max(moment) FROM"


class CopyReader:
    """Answers one question at a time; DuckDB uses all cores for each.

    The texts of the copy's words are kept in memory, since answers show them.
    """

    def __init__(self, store: EventStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._turn = threading.RLock()
        self._parts: OpenParts | None = None
        self._seen: tuple[int, ...] | None = None
        self._manifest = Manifest()
        self._last = 0
        self._tail_rows = 0
        self._codes: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._copied_span: _Span = (None, None)
        self._made: dict[str, tuple[int, Directory]] = {}
        self.generation = 0
        """Grows when the codes of words may have changed."""

    @contextmanager
    def fresh(self) -> Generator[Freshness]:
        """A context in which only this thread queries the copy with the newest events."""
        with self._turn:
            self._open()
            self._follow_manifest()
            self._follow_store()
            manifest = self._manifest
            yield Freshness(manifest.rows, self._own_events(), manifest.copied)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB, with the views and tables of `DuckDbEngine`; only while `fresh`."""
        assert self._parts is not None
        return self._parts.connection

    def code(self, text: str) -> int:
        """The code of a word; 0, which no word has, if it never occurred."""
        if text not in self._words:
            rows = self._ask("SELECT code FROM words WHERE text = ?", [text])
            if not rows:
                return 0
            self._words[text] = rows[0][0]
        return self._words[text]

    def session(self, text: str) -> int:
        """The code of a session; 0 if there is none."""
        rows = self._ask("SELECT code FROM all_sessions WHERE text = ? LIMIT 1", [text])
        return rows[0][0] if rows else 0

    def span(self) -> tuple[int, int] | None:
        """The first and the last moment of all events; None if there are none."""
        spans: list[tuple[Any, ...]] = [self._copied_span, self._ask(f"{_SPAN} own_events")[0]]
        moments = [moment for span in spans for moment in span if moment is not None]
        return (min(moments), max(moments)) if moments else None

    def knows_directory(self, directory: Directory, made: str) -> bool:
        """Whether the table already matched this directory; after this call it counts as such."""
        now = (self.generation, directory)
        is_known = self._made.get(made) == now
        self._made[made] = now
        return is_known

    def reread(self) -> None:
        """Read the events that are not in the copy yet again, since some changed."""
        with self._turn:
            if self._parts is not None:
                self._forget_tail(self._manifest.position)

    def close(self) -> None:
        """Close the files."""
        with self._turn:
            if self._parts is not None:
                self._parts.close()
            self._parts, self._seen = None, None

    def _ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        assert self._parts is not None
        return self._parts.ask(query, values)

    def _open(self) -> None:
        if self._parts is None:
            self._parts = OpenParts(self._folder, words="words")

    def _follow_manifest(self) -> None:
        """Open the newest manifest; one of its parts may be merged before we open it."""
        for attempt in range(_TRIES):
            seen = _identity(self._folder / NAME)
            if seen == self._seen:
                return
            manifest = Manifest.read(self._folder)
            try:
                self._show(manifest)
            except duckdb.Error:
                if attempt == _TRIES - 1:
                    raise
            else:
                self._seen = seen
                return

    def _show(self, manifest: Manifest) -> None:
        assert self._parts is not None
        new = self._parts.show(manifest.parts)
        self._forget_tail(manifest.position)
        if manifest.cleanings != self._manifest.cleanings:
            self._ask("DELETE FROM words")
            self._words.clear()
            new = [self._parts.alias(part) for part in manifest.parts]
        for alias in new:
            self._ask(
                f"INSERT INTO words SELECT code, text FROM {alias}.words "
                f"WHERE code NOT IN (SELECT code FROM words)"
            )
        self._manifest = manifest
        first, last = self._ask(f"{_SPAN} all_events")[0]
        self._copied_span = (first, last)
        self.generation += 1

    def _follow_store(self) -> None:
        """Read new events, or all again if events of the tail were deleted."""
        if self._tail_rows and self._count_newer() < self._tail_rows:
            self._forget_tail(self._manifest.position)
        while stored := self._store.after(self._last, _READ_EVENTS):
            self._take_in(stored)

    def _take_in(self, stored: Sequence[Any]) -> None:
        connection = self.connection
        self._ask("CREATE OR REPLACE TEMP VIEW all_words AS SELECT * FROM words")
        self._codes = encode(connection, to_table(stored), self._codes, step=-1)
        self._ask("DROP VIEW temp.all_words")
        self._ask("INSERT INTO own_events SELECT * FROM coded_events")
        for name in DICTIONARIES:
            known = "words" if name == "words" else f"own_{name}"
            self._ask(
                f"INSERT INTO {known} SELECT * FROM coded_{name} "
                f"WHERE code NOT IN (SELECT code FROM {known})"
            )
        self._last = stored[-1].position
        self._tail_rows += len(stored)
        self.generation += 1

    def _forget_tail(self, position: int) -> None:
        for table in ("own_events", *(f"own_{name}" for name in DICTIONARIES)):
            self._ask(f"DELETE FROM {table}")
        self._ask("DELETE FROM words WHERE code < 0")
        self._words = {text: code for text, code in self._words.items() if code > 0}
        self._codes = {}
        self._last, self._tail_rows = position, 0
        self.generation += 1

    def _own_events(self) -> int:
        return self._ask("SELECT count(*) FROM own_events")[0][0] if self._tail_rows else 0

    def _count_newer(self) -> int:
        position = _EVENTS.c.position
        newer = position > self._manifest.position, position <= self._last
        with self._store.engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(_EVENTS).where(*newer)
            ).scalar_one()


def _identity(file: Path) -> tuple[int, ...] | None:
    """A value that changes when a file is replaced."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)
