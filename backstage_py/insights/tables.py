"""Insights' own tables: annotations and the state of alerts, with migrations of their own."""

from pathlib import Path

from sqlalchemy import Engine

from backstage_py.storage import Database, OwnTable

METADATA = OwnTable.metadata
"""Separate from an app's own tables, so that the app's tools ignore these."""
_MIGRATIONS = Path(__file__).with_name("migrations")


def open_tables(engine: Engine) -> Database:
    """The tables of a database; they are migrated when first used."""
    return Database(engine, name="insights", migrations=_MIGRATIONS)
