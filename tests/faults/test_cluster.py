"""Three nodes in folders of their own on one PostgreSQL: they die in turn, nothing is lost.

`make cluster` runs it for ten minutes; the suite for a few seconds.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from backstage_py.analytics.store.deliveries import DeliveryStore
from backstage_py.analytics.store.engine import open_engine
from tests.faults.ledger import Books, Client, Ledger, lost_and_doubled
from tests.faults.portal import Portal
from tests.faults.sink import open_sink

NODES = 3
SECONDS = float(os.environ.get("CLUSTER_SECONDS", "4"))
TAKEOVER_SECONDS = 10.0
QUICK = {"retryFirst": 0.02, "retryMost": 0.2, "tries": 1_000}


@pytest.fixture
def database_url(postgresql_url: str) -> Iterator[str]:
    """A schema of this test's own."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS cluster CASCADE"))
        connection.execute(text("CREATE SCHEMA cluster"))
    yield f"{postgresql_url}{'&' if '?' in postgresql_url else '?'}options=-csearch_path%3Dcluster"
    engine.dispose()


@pytest.mark.timeout(int(SECONDS) + 240)
def test_nodes_die_in_turn_and_nothing_is_lost_or_stored_twice(
    database_url: str, tmp_path: Path
) -> None:
    ledger = Ledger()
    with open_sink() as sink:
        tools: dict[str, object] = {
            "tool": {"use": "tests.faults.sink:SinkApi", "url": sink.url, "delivery": QUICK}
        }
        nodes = [_node(tmp_path / str(number), tools, database_url) for number in range(NODES)]
        for node in nodes:
            node.start()
        working = [Client(node.url, ledger, number) for number, node in enumerate(nodes)]
        for client in working:
            client.start()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            node = random.choice(nodes)
            time.sleep(random.uniform(0.1, 0.5))
            node.kill() if random.random() < 0.5 else node.stop()
            node.start()
        for client in working:
            client.end()
        for client in working:
            client.join(30)
        takeovers = [
            _takeover(
                victim,
                Client(_other(nodes, victim).url, ledger, NODES + number),
                database_url,
            )
            for number, victim in enumerate(nodes)
        ]
        _wait_until_delivered(database_url, 60)
        for node in nodes:
            node.stop()

        books = Books.read(database_url)
        assert ledger.acknowledged
        assert lost_and_doubled(ledger, books) == (0, 0)
        assert books.stored.keys() <= ledger.sent
        (states,) = books.states.values()
        delivered = {id_ for id_, state in states.items() if state == "delivered"}
        assert delivered <= set(sink.taken)
        assert set(states.values()) <= {"delivered", "dead"}
        assert max(takeovers) < TAKEOVER_SECONDS


def _node(folder: Path, tools: dict[str, object], database_url: str) -> Portal:
    folder.mkdir()
    return Portal(folder, {"app": {"analytics": tools}}, DATABASE_URL=database_url)


def _other(nodes: list[Portal], victim: Portal) -> Portal:
    return next(node for node in nodes if node is not victim)


def _takeover(victim: Portal, client: Client, url: str) -> float:
    """The seconds until others deliver after a node, perhaps the deliverer, is killed."""
    victim.kill()
    client.send_once()
    start = time.monotonic()
    _wait_until_delivered(url, 30)
    seconds = time.monotonic() - start
    victim.start()
    return seconds


def _wait_until_delivered(url: str, seconds: float) -> None:
    engine = open_engine({"DATABASE_URL": url})
    store, deadline = DeliveryStore(engine), time.monotonic() + seconds
    while sum(one.owed + one.waiting for one in store.backlogs()):
        assert time.monotonic() < deadline, f"not delivered: {store.backlogs()}"
        time.sleep(0.05)
    engine.dispose()
