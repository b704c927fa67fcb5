"""Locks on PostgreSQL: one connection holds those of a process, and they die with it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ConfigurationError
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.process_lock import ProcessLock


@pytest.fixture
def one(postgresql_url: str) -> Iterator[Engine]:
    """The engine of a process."""
    engine = create_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def other(postgresql_url: str) -> Iterator[Engine]:
    """The engine of another process."""
    engine = create_engine(postgresql_url)
    yield engine
    engine.dispose()


def test_one_process_has_a_lock_until_it_releases_it(one: Engine, other: Engine) -> None:
    mine, theirs = ProcessLock(one, "delivery-a"), ProcessLock(other, "delivery-a")

    assert mine.acquire()
    assert mine.acquire()
    assert not theirs.acquire()
    mine.release()

    assert theirs.acquire()
    theirs.release()


def test_two_holders_in_one_process_exclude_each_other(one: Engine) -> None:
    first, second = ProcessLock(one, "keeper"), ProcessLock(one, "keeper")

    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_all_locks_of_a_process_take_one_connection(one: Engine) -> None:
    locks = [ProcessLock(one, f"delivery-{number}") for number in range(8)]

    assert all(lock.acquire() for lock in locks)

    assert one.pool.checkedout() == 1  # pyright: ignore[reportAttributeAccessIssue]
    for lock in locks:
        lock.release()


def test_a_process_that_loses_its_connection_learns_that_its_locks_are_gone(
    one: Engine, other: Engine
) -> None:
    locks = [ProcessLock(one, name) for name in ("delivery-a", "keeper")]
    assert all(lock.acquire() for lock in locks)
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
            )
        )

    for lock in locks:
        with pytest.raises(SQLAlchemyError):
            lock.acquire()

    theirs = ProcessLock(other, "keeper")
    assert theirs.acquire()
    assert locks[0].acquire()
    assert not locks[1].acquire()
    theirs.release()
    locks[0].release()


def test_all_parts_of_a_process_share_a_bounded_pool(postgresql_url: str) -> None:
    environ = {"DATABASE_URL": postgresql_url, "BACKSTAGE_PY_DATABASE_CONNECTIONS": "5"}

    engine = open_engine(environ)

    assert open_engine(environ) is engine
    connections = [engine.connect() for _ in range(5)]
    engine.pool._timeout = 0.1  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(SQLAlchemyError, match="QueuePool limit"):
        engine.connect()
    for connection in connections:
        connection.close()
    engine.dispose()


def test_a_number_of_connections_that_is_too_small_is_refused(postgresql_url: str) -> None:
    environ = {"DATABASE_URL": postgresql_url, "BACKSTAGE_PY_DATABASE_CONNECTIONS": "2"}

    with pytest.raises(ConfigurationError, match="Use a number from 4"):
        open_engine(environ)
