import multiprocessing
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.ingest.spool import Spool
from tests.unit.analytics.recorded import recorded


def left(folder: Path) -> list[RecordedEvent]:
    return [event for events in Spool(folder).leftovers() for event in events]


def test_unstored_events_are_left_to_the_next_process(tmp_path: Path) -> None:
    spool, events = Spool(tmp_path), [recorded(subject=str(number)) for number in range(3)]
    for event in events:
        spool.add(event)
    spool.close()

    assert left(tmp_path) == events
    assert left(tmp_path) == []


def test_stored_events_are_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(recorded())
    spool.add(recorded())
    spool.settle(2)
    spool.close()

    assert list(tmp_path.iterdir()) == []


def test_a_process_that_lives_keeps_its_captures(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(recorded())

    assert left(tmp_path) == []


def test_a_killed_process_loses_nothing_that_it_captured(tmp_path: Path) -> None:
    script = f"""
        from backstage_py.analytics.ingest.spool import Spool
        from tests.unit.analytics.recorded import recorded
        from pathlib import Path
        import time
        spool = Spool(Path({str(tmp_path)!r}))
        for number in range(100):
            spool.add(recorded(subject=str(number)))
        print("captured", flush=True)
        time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "captured\n"
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert [event.subject for event in left(tmp_path)] == [str(number) for number in range(100)]


def test_a_torn_line_does_not_cost_the_others(tmp_path: Path) -> None:
    spool, event = Spool(tmp_path), recorded()
    spool.add(event)
    spool.close()
    [file] = tmp_path.glob("*.jsonl")
    file.write_bytes(b"\xff{}\n[]\n" + file.read_bytes() + b'{"id": "0')

    assert left(tmp_path) == [event]


def test_a_path_that_is_not_a_folder_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file")
    spool.add(recorded())
    spool.settle(1)
    spool.close()


def test_a_spool_that_was_made_before_the_process_forked_is_the_childs_own(tmp_path: Path) -> None:
    spool = Spool(tmp_path)

    def add() -> None:
        spool.add(recorded(subject="child"))

    child = multiprocessing.get_context("fork").Process(target=add)
    child.start()
    child.join(timeout=30)
    spool.add(recorded(subject="parent"))

    assert [event.subject for event in left(tmp_path)] == ["child"]


def test_locks_need_no_fcntl(tmp_path: Path) -> None:
    script = f"""
        import asyncio, sys, warnings
        sys.modules["fcntl"] = None
        warnings.simplefilter("ignore")
        from pathlib import Path
        from backstage_py.analytics.ingest.spool import Spool
        from backstage_py.analytics.store.engine import open_engine
        from backstage_py.analytics.store.process_lock import ProcessLock
        from tests.unit.analytics.recorded import recorded
        folder = Path({str(tmp_path)!r})
        engine = open_engine({{"DATABASE_URL": f"sqlite:///{{folder / 'x.db'}}"}})
        one, other = ProcessLock(engine, "copy"), ProcessLock(engine, "copy")
        assert one.acquire() and one.acquire() and not other.acquire()
        one.release()
        assert other.acquire()
        spool = Spool(folder)
        spool.add(recorded())
        assert list(Spool(folder).leftovers()) == []
        spool.close()
        assert [len(events) for events in Spool(folder).leftovers()] == [1]
    """

    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=60)
