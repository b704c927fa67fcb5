"""Signals between processes on a database: each of these `Signals` plays a process."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.signals import ANYTHING, Signals

SECONDS = 10.0


class Heard:
    """The signals that a listener got."""

    def __init__(self, signals: Signals, topic: str = "notifications") -> None:
        self._keys: queue.Queue[str] = queue.Queue()
        self.stop = signals.listen(topic, self._keys.put)

    def next(self) -> str:
        return self._keys.get(timeout=SECONDS)

    def rest(self) -> list[str]:
        return list(self._keys.queue)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'portal.db'}"


@pytest.fixture
def engines(url: str) -> Iterator[list[Engine]]:
    engines = [open_engine({"DATABASE_URL": url}) for _ in range(2)]
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture
def two(engines: list[Engine]) -> Iterator[tuple[Signals, Signals]]:
    """Two processes that hear each other."""
    here, there = (Signals(engine) for engine in engines)
    ready = Heard(there)
    there.start()
    assert ready.next() == ANYTHING
    ready.stop()
    yield here, there
    here.close()
    there.close()


def test_another_process_gets_the_signal(two: tuple[Signals, Signals]) -> None:
    here, there = two
    heard, other = Heard(there), Heard(there, "events")

    here.send("notifications", "user:default/ann")
    here.send("events")

    assert heard.next() == "user:default/ann"
    assert other.next() == ANYTHING


def test_the_process_itself_gets_the_signal_at_once_and_once(two: tuple[Signals, Signals]) -> None:
    here, _ = two
    heard = Heard(here)

    here.send("notifications", "user:default/ann")

    assert heard.rest() == ["user:default/ann"]


def test_a_flood_of_one_signal_is_sent_a_few_times(two: tuple[Signals, Signals]) -> None:
    here, there = two
    heard, end = Heard(there), Heard(there, "end")

    for _ in range(1_000):
        here.send("notifications", "flood")
    here.send("end")
    end.next()

    assert 0 < heard.rest().count("flood") < 20


def test_a_listener_that_fails_or_has_stopped_costs_nothing(tmp_path: Path) -> None:
    signals = Signals(open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"}))

    def fail(_key: str) -> None:
        raise RuntimeError("broken")

    signals.listen("notifications", fail)
    heard = Heard(signals)
    signals.send("notifications", "one")
    heard.stop()
    signals.send("notifications", "two")

    assert heard.rest() == ["one"]
    signals.close()


def test_missed_signals_are_made_up_for_after_a_lost_connection(postgresql_url: str) -> None:
    engine = open_engine({"DATABASE_URL": postgresql_url})
    signals = Signals(engine)
    heard = Heard(signals)
    signals.start()
    assert heard.next() == ANYTHING

    ended = 0
    while not ended:
        with engine.begin() as connection:
            ended = connection.execute(
                text(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN %'"
                )
            ).scalar_one()

    assert heard.next() == ANYTHING
    signals.close()
    engine.dispose()


def test_a_file_of_signals_does_not_grow_without_end(tmp_path: Path) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    file = tmp_path / "portal.db.signals"
    file.write_bytes(b"x" * 100_000 + b"\n")
    here = Signals(engine)

    here.send("notifications", "one")
    here.close()

    assert file.stat().st_size < 1_000
    engine.dispose()
