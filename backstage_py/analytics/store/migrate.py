"""Brings the database to the schema of this release; forwards, without loss."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x6261636B73746167  # "backstag": one lock for all processes of one database


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision; of several processes one does it, the others wait."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        _execute(connection, "BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        try:
            if not is_sqlite:
                _execute(connection, f"SELECT pg_advisory_xact_lock({_LOCK})")
            _upgrade(connection)
            _execute(connection, "COMMIT")
        except BaseException:
            _execute(connection, "ROLLBACK")
            raise


def _execute(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
