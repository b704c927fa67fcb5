"""Whether this process can store events: for `/readyz`, and so for a load balancer."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.migrate import is_migrated

_logger = logging.getLogger(__name__)

KEPT_SECONDS = 1.0
"""How long an answer is cached, since anybody may call the probe often."""
STUCK_SECONDS = 30.0
"""How long events may wait for their commit, and how long a failed commit matters."""
FREE_BYTES = 64 * 1024 * 1024
FREE_SHARE = 0.02
"""The free space that a disk needs: the smaller of the two, so small disks can be ready."""
_REWRITE = "UPDATE backstage_py_alembic_version SET version_num = version_num"
"""A write that changes nothing, and fails where no event could be written either."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The result: the problem of each check by its name, None if it passed."""

    checks: Mapping[str, str | None]

    @property
    def is_ready(self) -> bool:
        """Whether every check passes."""
        return not any(self.checks.values())


class ReadinessProbe:
    """Checks the database, the writer and the disk, in one thread at a time.

    Args:
        engine: The event store's database.
        ingest: The ingest that writes to it.
        folder: Where the process keeps files.
        clock: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        engine: Engine,
        ingest: Ingest,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._ingest = ingest
        self._folder = folder
        self._clock = clock
        self._asking = threading.Lock()
        self._kept: tuple[float, Readiness] | None = None
        self._is_migrated = False

    def ask(self) -> Readiness:
        """The current state, or a cached one that is `KEPT_SECONDS` old at most."""
        with self._asking:
            now = self._clock()
            if self._kept is None or now - self._kept[0] >= KEPT_SECONDS:
                self._kept = self._clock(), self._look()
            return self._kept[1]

    def _look(self) -> Readiness:
        return Readiness(
            {
                **self._check_database(),
                "writer": self._check_writer(),
                "disk": self._check_disk(),
            }
        )

    def _check_database(self) -> dict[str, str | None]:
        """Find its problem; its own message may hold names and addresses, so it is only logged."""
        try:
            # A newer release may migrate further while this one still serves.
            self._is_migrated = self._is_migrated or is_migrated(self._engine)
            if not self._is_migrated:
                return {"database": None, "schema": "is not migrated yet"}
            with begin_writing(self._engine) as connection:
                connection.exec_driver_sql(_REWRITE)
        except SQLAlchemyError as error:
            _logger.warning("Not ready: the database accepts nothing: %s", error)
            return {"database": "accepts nothing now; the log says why", "schema": None}
        return {"database": None, "schema": None}

    def _check_writer(self) -> str | None:
        health = self._ingest.health()
        if not health.is_alive:
            return "is not running"
        if health.waiting_seconds > STUCK_SECONDS:
            return f"has not committed for {health.waiting_seconds:.0f} s"
        if health.failed_seconds is not None and health.failed_seconds < STUCK_SECONDS:
            return f"failed {health.failed_seconds:.0f} s ago; the log says why"
        return None

    def _check_disk(self) -> str | None:
        for folder in self._folders():
            try:
                disk = shutil.disk_usage(folder)
            except OSError as error:
                return f"cannot be asked: {error.strerror}"
            if disk.free < min(FREE_BYTES, disk.total * FREE_SHARE):
                return f"has {disk.free / 1024 / 1024:.0f} MB left"
        return None

    def _folders(self) -> set[Path]:
        folders = {self._folder}
        database = self._engine.url.database
        if self._engine.dialect.name == "sqlite" and database and database != ":memory:":
            folders.add(Path(database).parent)
        return {folder for folder in folders if folder.exists()}
