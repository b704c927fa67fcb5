"""The worker in its own thread, and the renderer in its own process."""

import threading

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.expressions.isolated_renderer import IsolatedRenderer
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from tests.unit.plugins.scaffolder.conftest import USER, Bench


def test_tasks_are_run_in_the_background_several_at_once(bench: Bench) -> None:
    ref = bench.add_template("- {action: my:own, input: {text: '${{ parameters.name }}'}}")
    ended = threading.Semaphore(0)
    together = threading.Barrier(2)

    def meet(context: ActionContext) -> None:
        assert context.input == {"text": "x"}
        together.wait()

    scaffolder = bench.open(
        open_renderer=IsolatedRenderer, record=lambda event, user: ended.release()
    )
    scaffolder.register_action(Action(InstalledAction("my:own", "Meets another"), meet))
    scaffolder.worker.start()
    try:
        ids = [scaffolder.create_task(ref, {"name": "x"}, user=USER) for _ in range(2)]
        for _ in ids:
            ended.acquire()
    finally:
        scaffolder.stop()
    assert {scaffolder.get_task(task_id).status for task_id in ids} == {"completed"}


def test_a_portal_that_stops_gives_its_tasks_up_for_another_one_at_once(bench: Bench) -> None:
    ref = bench.add_template("- {action: my:own}\n- {action: debug:wait, input: {minutes: 9}}")
    waits = threading.Event()
    first, second = bench.open(), bench.open()
    first.register_action(Action(InstalledAction("my:own", "Tells"), lambda context: waits.set()))
    first.worker.start()
    task_id = first.create_task(ref, {}, user=USER)
    waits.wait()
    first.worker.stop(seconds=60)

    assert first.get_task(task_id).status == "processing"
    second.cancel(task_id, user=USER)
    assert second.worker.run_pending() == 1
    assert second.get_task(task_id).status == "cancelled"


def test_a_portal_that_is_to_run_no_tasks_leaves_them_to_others(bench: Bench) -> None:
    bench.settings = {"concurrentTasksLimit": 0}
    scaffolder = bench.open()
    scaffolder.worker.start()

    assert not scaffolder.worker._every.is_started
