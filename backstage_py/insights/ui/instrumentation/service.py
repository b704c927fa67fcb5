"""The inventory of the compiled app, compared with the record; and the plan to keep it by."""

from datetime import datetime, timedelta
from pathlib import Path

from backstage_py.analytics import (
    Erasure,
    Retention,
    Review,
    Runtime,
    read_inventory,
    review_instrumentation,
    write_tracking_plan,
)


class InstrumentationService:
    """Reads the inventory of the app in the working directory, and the store of a process.

    Args:
        runtime: Whose record it is compared with.
        inventory: The file, if it is not the compiled app's.
    """

    def __init__(self, runtime: Runtime, inventory: Path | None = None) -> None:
        self._runtime = runtime
        self._inventory = inventory

    def review(self, window: timedelta, now: datetime) -> Review:
        """The instrumentation, as it is declared and as it was received in a window until now.

        Raises:
            AnalyticsError: If the app has no inventory.
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        captures = read_inventory(self._inventory)
        engine = self._runtime.store.engine
        return review_instrumentation(captures, engine, now=now, window=window)

    def list_erasures(self) -> list[Erasure]:
        """Who was erased, the newest first: nobody is named.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        return self._runtime.erasures.list()

    @property
    def retention(self) -> Retention:
        """How long events are kept."""
        return self._runtime.retention

    def write_plan(self) -> str:
        """A tracking plan of the app as it is, in YAML.

        Raises:
            AnalyticsError: If the app has no inventory.
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        return write_tracking_plan(read_inventory(self._inventory), self._runtime.store.engine)
