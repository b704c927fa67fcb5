"""A process that stores events and keeps the copy until it is killed: `keeping.py URL FOLDER`."""

import random
import sys
from pathlib import Path

from backstage_py.analytics import EventStore, open_engine
from backstage_py.insights import Insights
from backstage_py.insights.copy import duckdb_table
from tests.unit.insights.history import draw_event


def main(url: str, folder: str) -> None:
    duckdb_table.BLOCK_EVENTS = 7
    chance = random.Random()
    store = EventStore(open_engine({"DATABASE_URL": url}))
    insights = Insights(store, Path(folder))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        store.append([draw_event(chance) for _ in range(20)])
        insights.copy.step(at_once=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
