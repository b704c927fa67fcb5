"""A task outlives the process that ran it."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from backstage_py.plugins.scaffolder.actions.action import Action
from backstage_py.plugins.scaffolder.service import Scaffolder
from tests.unit.plugins.scaffolder.conftest import USER, Bench
from tests.unit.plugins.scaffolder.long_task import ACTION

PROJECT = Path(__file__).parents[4]


def read_messages(scaffolder: Scaffolder, task_id: str) -> list[str]:
    return [line.message for line in scaffolder.read_log(task_id)]


def test_a_task_goes_on_after_its_process_was_killed(any_bench: Bench) -> None:
    any_bench.write("skeleton/a.txt", "fetched once")
    ref = any_bench.add_template(
        """
        - {id: fetch, name: Fetch, action: 'fetch:plain', input: {url: ./skeleton}}
        - {id: own, name: Hang, action: 'my:own'}
        - {id: publish, name: Publish, action: 'publish:file', input: {name: out}}
        """,
        metadata="annotations: {backstage.io/time-saved: PT30M}",
    )
    scaffolder = any_bench.open()
    task_id = scaffolder.create_task(ref, {"name": "survivor"}, user=USER)
    url = any_bench.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.plugins.scaffolder.long_task", any_bench.folder, url],
        cwd=PROJECT,
    )
    try:
        while "Beginning step Hang" not in read_messages(scaffolder, task_id):
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    any_bench.write("skeleton/a.txt", "changed since")

    after_restart = any_bench.open()
    after_restart.register_action(Action(ACTION, lambda context: None))
    assert after_restart.worker.run_pending() == 0
    any_bench.clock.advance(timedelta(minutes=1))
    assert after_restart.worker.run_pending() == 1

    task = after_restart.get_task(task_id)
    assert (task.status, task.error) == ("completed", "")
    messages = read_messages(after_restart, task_id)
    assert messages.count("Beginning step Fetch") == 1
    assert messages.count("Beginning step Hang") == 2
    assert "The task goes on from its first step that is not done" in messages
    assert (any_bench.folder / "data/published/out/a.txt").read_text() == "fetched once"
    assert [(event["action"], event["value"]) for event, _ in any_bench.events] == [
        ("completed", 30)
    ]
