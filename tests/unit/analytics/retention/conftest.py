"""The databases of the store's tests."""

from tests.unit.analytics.store.conftest import engine, postgresql_engine, sqlite_engine, store

__all__ = ["engine", "postgresql_engine", "sqlite_engine", "store"]
