"""Brings the database to the schema of this release; forwards, without loss."""

import logging
import threading
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x6261636B73746167  # "backstag": one lock for all processes of one database


def migrate(
    engine: Engine, *, versions: Path | None = None, version_table: str = "alembic_version"
) -> None:
    """Upgrade to the newest revision; of several processes one does it, the others wait.

    Args:
        engine: The database.
        versions: The folder of the revisions, the event store's own unless another is named.
        version_table: Where it is written which revision the database has.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        _execute(connection, "BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        try:
            if not is_sqlite:
                _execute(connection, f"SELECT pg_advisory_xact_lock({_LOCK})")
            _upgrade(connection, versions or MIGRATIONS / "versions", version_table)
            _execute(connection, "COMMIT")
        except BaseException:
            _execute(connection, "ROLLBACK")
            raise


def migrate_patiently(engine: Engine) -> None:
    """Upgrade now, or in the background as soon as the database lets itself be upgraded."""
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        _logger.warning("The database is not available, events are refused: %s", error)
        threading.Thread(target=_migrate_until_done, args=(engine,), daemon=True).start()


def _migrate_until_done(engine: Engine) -> None:
    while True:
        time.sleep(RETRY_SECONDS)
        try:
            migrate(engine)
        except SQLAlchemyError as error:
            _logger.warning("The database is still not available: %s", error)
        else:
            _logger.info("The database is available, its schema is the newest")
            return


def _execute(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


def _upgrade(connection: Connection, versions: Path, version_table: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "head")
