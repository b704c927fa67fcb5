"""Keeps annotations in the database."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Engine, String, Table, Text, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from backstage_py.analytics import Clock, UtcTime, utc_now
from backstage_py.insights.annotations.annotation import MAX_TAG, VERSION_TAG, Annotation
from backstage_py.insights.tables import METADATA, open_tables
from backstage_py.insights.window import Window

_TABLE = Table(
    "insights_annotation",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("text", String(500), nullable=False),
    Column("tags", Text, nullable=False),
    Column("author", String(255)),
    Column("made_at", UtcTime, nullable=False),
    Column("key", String(255), unique=True),
)
MAX_VERSION = 200
_REMOVED = ""
"""The text of removed annotations, which no other has."""


class Annotations:
    """The annotations of a portal; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._tables = open_tables(engine)
        self._clock = clock

    def add(self, annotation: Annotation) -> Annotation:
        """Store an annotation; returns it with its id."""
        kept = self._insert(annotation, key=None)
        assert kept is not None
        return kept

    def note_version(self, version: str, at: datetime) -> Annotation | None:
        """Mark when a version of the app was first seen; None if it is already marked.

        Args:
            version: The `app_version` of an event.
            at: When it was first seen.
        """
        named = version[:MAX_VERSION]
        tags = (VERSION_TAG, named[:MAX_TAG])
        made = Annotation(at=at, text=f"Version {named}", tags=tags)
        try:
            return self._insert(made, key=f"{VERSION_TAG}:{named}")
        except IntegrityError:
            return None  # another process was faster

    def list(self, window: Window | None = None, *, tag: str | None = None) -> list[Annotation]:
        """The annotations of a period, the oldest first; with a tag, only those that have it."""
        query = select(_TABLE).where(_TABLE.c.text != _REMOVED)
        query = query.order_by(_TABLE.c.at, _TABLE.c.id)
        if window is not None and window.since is not None:
            query = query.where(_TABLE.c.at >= window.since)
        if window is not None and window.until is not None:
            query = query.where(_TABLE.c.at < window.until)
        with self._tables.reading() as connection:
            found = [_read(row) for row in connection.execute(query).mappings()]
        return [one for one in found if tag is None or tag in one.tags]

    def find(self, annotation_id: str) -> Annotation | None:
        """The annotation with an id, if there is one."""
        is_it = and_(_TABLE.c.id == annotation_id, _TABLE.c.text != _REMOVED)
        query = select(_TABLE).where(is_it)
        with self._tables.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _read(row)

    def find_version(self, version: str) -> Annotation | None:
        """The mark of a version of the app, if it was seen."""
        marks = self.list(tag=VERSION_TAG)
        return next((one for one in marks if version[:MAX_TAG] in one.tags), None)

    def remove(self, annotation_id: str) -> bool:
        """Remove an annotation; returns whether it existed.

        That of a version stays as an empty row, so that the version is not marked again.
        """
        is_it = and_(_TABLE.c.id == annotation_id, _TABLE.c.text != _REMOVED)
        with self._tables.writing() as connection:
            emptied = connection.execute(
                update(_TABLE).where(is_it, _TABLE.c.key.is_not(None)).values(text=_REMOVED)
            )
            removed = connection.execute(delete(_TABLE).where(is_it))
        return emptied.rowcount + removed.rowcount > 0

    def _insert(self, annotation: Annotation, key: str | None) -> Annotation | None:
        """Insert an annotation, unless there is one with this key."""
        kept = replace(annotation, id=str(uuid.uuid4()))
        known = select(_TABLE.c.id).where(_TABLE.c.key == key)
        with self._tables.writing() as connection:
            if key is not None and connection.execute(known).first() is not None:
                return None
            connection.execute(insert(_TABLE).values(**self._values(kept, key)))
        return kept

    def _values(self, annotation: Annotation, key: str | None) -> dict[str, Any]:
        return {
            "id": annotation.id,
            "at": annotation.at,
            "text": annotation.text,
            "tags": json.dumps(list(annotation.tags), ensure_ascii=False),
            "author": annotation.author,
            "made_at": self._clock(),
            "key": key,
        }


def _read(row: Mapping[Any, Any]) -> Annotation:
    return Annotation(
        at=row["at"],
        text=row["text"],
        tags=tuple(json.loads(row["tags"])),
        author=row["author"],
        id=row["id"],
    )
