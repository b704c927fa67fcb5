"""Real processes: one is killed while it keeps the copy, others read meanwhile."""

import random
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from backstage_py.analytics import EventStore
from backstage_py.insights import Insights, Scope, Totals, Window
from tests.conftest import PROJECT

ALL = Scope(Window())
KILLS = 4
READS = 30


@contextmanager
def keeping(store: EventStore, folder: Path) -> Generator[subprocess.Popen[str]]:
    url = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.unit.insights.keeping", url, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
            process.wait()


def test_killed_at_any_instant_it_is_right_again(store: EventStore, tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(KILLS):
        stored = store.count()
        with keeping(store, tmp_path / "copy") as process:
            while store.count() < stored + chance.randrange(20, 120):
                assert process.poll() is None
        insights = Insights(store, tmp_path / "copy")
        assert insights.ask(Totals(), ALL).first["events"] == store.count()
        assert insights.copy.step(at_once=True)
        assert insights.copy.reconcile() == 0
        ours, theirs = insights.ask(Totals(), ALL).rows, insights.ask_store(Totals(), ALL)
        assert [*ours] == [*theirs]
        assert insights.trust(ALL).from_store == 0
        insights.close()


def test_readers_never_see_half_of_a_change(store: EventStore, tmp_path: Path) -> None:
    readers = [Insights(store, tmp_path / "copy") for _ in range(2)]
    with keeping(store, tmp_path / "copy"):
        for turn in range(READS):
            before = store.count()
            seen = readers[turn % 2].ask(Totals(), ALL).first["events"]
            assert before <= seen <= store.count()
    for reader in readers:
        reader.close()
