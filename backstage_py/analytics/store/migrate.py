"""Brings the database to the schema of this release; forwards, without loss."""

import logging
import re
import threading
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.config.location import database_url
from backstage_py.analytics.errors import ConfigurationError

_logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "backstage_py_alembic_version"
"""The event store's version table; Alembic's default name is left to the app's own tables."""
_EARLIER_VERSION_TABLE = "alembic_version"
_OWN_REVISION = re.compile(r"\d{4}")
_LOCK = 0x6261636B73746167  # "backstag": one lock for all processes of one database


def migrate(
    engine: Engine, *, versions: Path | None = None, version_table: str = VERSION_TABLE
) -> None:
    """Upgrade to the newest revision; of several processes one does it, the others wait.

    A database that is up to date is only read, so it may be locked or read-only.

    Args:
        engine: The database.
        versions: The folder of the revisions; the event store's own by default.
        version_table: The table that holds the database's revision.

    Raises:
        ConfigurationError: If the database is of a newer release than this one.
        sqlalchemy.exc.SQLAlchemyError: If it cannot be reached or written.
    """
    config = _config(versions or MIGRATIONS / "versions", version_table)
    if _is_newest(engine, config):
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        _execute(connection, "BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        try:
            if not is_sqlite:
                _execute(connection, f"SELECT pg_advisory_xact_lock({_LOCK})")
            _upgrade(connection, config)
            _execute(connection, "COMMIT")
        except BaseException:
            _execute(connection, "ROLLBACK")
            raise


def is_migrated(engine: Engine) -> bool:
    """Whether the event store's tables are those of this release.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database cannot be reached.
    """
    return _is_newest(engine, _config(MIGRATIONS / "versions", VERSION_TABLE))


def migrate_patiently(engine: Engine) -> None:
    """Upgrade now, or in the background as soon as the database allows it."""
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


def _take_over_revision(connection: Connection) -> None:
    """Move the store's revision out of the table that releases before 0.2 used.

    Theirs are four digits; what an app has written there itself stays. A table that
    is empty then goes, so that the app begins its own migrations as with any database.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables or not {_EARLIER_VERSION_TABLE, "analytics_event"} <= tables:
        return
    earlier, own = _version_table(_EARLIER_VERSION_TABLE), _version_table(VERSION_TABLE)
    found = set(connection.execute(select(earlier.c.version_num)).scalars())
    ours = {revision for revision in found if _OWN_REVISION.fullmatch(revision)}
    if not ours:
        return
    own.create(connection)
    connection.execute(insert(own), [{"version_num": revision} for revision in ours])
    connection.execute(delete(earlier).where(earlier.c.version_num.in_(ours)))
    if ours == found:
        earlier.drop(connection)


def _version_table(name: str) -> Table:
    return Table(name, MetaData(), Column("version_num", String(32), primary_key=True))


def _is_newest(engine: Engine, config: Config) -> bool:
    options = {"version_table": config.attributes["version_table"]}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        found = set(context.get_current_heads())
    return found == set(ScriptDirectory.from_config(config).get_heads())


def _config(versions: Path, version_table: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["version_table"] = version_table
    return config


def _upgrade(connection: Connection, config: Config) -> None:
    if config.attributes["version_table"] == VERSION_TABLE:
        _take_over_revision(connection)
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        hint = "Use the release that it belongs to, or a newer one"
        raise ConfigurationError(
            database_url().source, f"has another schema: {error}", hint
        ) from error
