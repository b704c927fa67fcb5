"""`kill -9` of the server at 100 random instants under load: nothing acknowledged is lost."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from backstage_py.analytics.store.deliveries import DeliveryStore
from backstage_py.analytics.store.engine import open_engine
from tests.faults.ledger import Books, Ledger, clients, lost_and_doubled
from tests.faults.portal import Portal
from tests.faults.sink import open_sink

KILLS = 100
CLIENTS = 4
QUICK = {"retryFirst": 0.02, "retryMost": 0.2, "tries": 1_000}
MOODS = ("take", "take", "take", "too many", "error", "reset", "take and say nonsense")


@pytest.mark.timeout(600)
def test_a_server_killed_at_any_instant_loses_and_doubles_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ledger = Ledger()
    with open_sink() as good, open_sink() as moody:
        moody.moods = MOODS
        use = "tests.faults.sink:SinkApi"
        tools = {
            "good": {"use": use, "url": good.url, "delivery": QUICK},
            "moody": {"use": use, "url": moody.url, "delivery": {**QUICK, "concurrency": 3}},
        }
        portal = Portal(tmp_path, {"app": {"analytics": tools}})
        portal.start()
        working = list(clients(portal.url, ledger, CLIENTS))
        for _ in range(KILLS):
            time.sleep(random.uniform(0.0, 0.3))
            portal.kill()
            portal.start()
        for client in working:
            client.end()
        for client in working:
            client.join(30)
        moody.moods = ("take",)
        _wait_until_delivered(portal)
        portal.stop()
        books = Books.read(portal.environment["DATABASE_URL"])

        lost, doubled = lost_and_doubled(ledger, books)
        record_property("acknowledged", len(ledger.acknowledged))
        record_property("lost", lost)
        record_property("doubled", doubled)
        sys.stdout.write(
            f"\nacknowledged: {len(ledger.acknowledged)} events of browsers, "
            f"{len(ledger.captured)} of the server; lost {lost}, doubled {doubled}\n"
        )
        assert (lost, doubled) == (0, 0)
        assert books.stored.keys() <= ledger.sent
        for sink, backend in ((good, "good"), (moody, "moody")):
            states = books.states[backend]
            delivered = {id_ for id_, state in states.items() if state == "delivered"}
            assert delivered <= set(sink.taken)
            assert set(states.values()) <= {"delivered", "dead"}
            assert Counter(states.values())["dead"] < len(states) / 50


def _wait_until_delivered(portal: Portal, standstill_seconds: float = 60) -> None:
    """Wait for the backends to take everything, as long as they get on with it."""
    engine = open_engine(portal.environment)
    store = DeliveryStore(engine)
    least, deadline = sys.maxsize, 0.0
    while undelivered := sum(one.owed + one.waiting for one in store.backlogs()):
        if undelivered < least:
            least, deadline = undelivered, time.monotonic() + standstill_seconds
        assert time.monotonic() < deadline, f"delivery stands still: {store.backlogs()}"
        time.sleep(0.5)
    engine.dispose()
