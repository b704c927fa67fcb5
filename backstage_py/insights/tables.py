"""Insights' own tables: annotations and the state of alerts, with migrations of their own."""

import threading
from pathlib import Path

from sqlalchemy import Engine, MetaData

from backstage_py.analytics import migrate

METADATA = MetaData()
"""Apart from an app's own tables, so that no tool of the app compares or creates these."""
_VERSIONS = Path(__file__).with_name("migrations") / "versions"
_VERSION_TABLE = "insights_version"


class InsightsTables:
    """Brings the tables of one database to this release's schema when they are first needed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._migrating = threading.Lock()
        self._is_migrated = False

    def ready(self) -> Engine:
        """The database, with the tables in it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database cannot be reached or written.
        """
        with self._migrating:
            if not self._is_migrated:
                migrate(self._engine, versions=_VERSIONS, version_table=_VERSION_TABLE)
                self._is_migrated = True
        return self._engine
