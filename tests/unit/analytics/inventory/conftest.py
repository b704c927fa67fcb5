"""The databases of the store's tests."""

from tests.unit.analytics.store.conftest import postgresql_engine, sqlite_engine

__all__ = ["postgresql_engine", "sqlite_engine"]
