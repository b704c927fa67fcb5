"""Tasks from the wish to their end, on both kinds of database."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.errors import (
    ActionError,
    ExpressionError,
    InvalidValuesError,
    NotAllowedError,
    TaskNotFoundError,
    TaskStateError,
    TemplateError,
    TemplateNotFoundError,
)
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.service import Scaffolder
from backstage_py.plugins.scaffolder.tasks import store as task_store
from backstage_py.plugins.scaffolder.tasks.outcome import create_subject
from backstage_py.plugins.scaffolder.tasks.task import Task
from backstage_py.plugins.scaffolder.tasks.worker import LEASE
from backstage_py.plugins.scaffolder.templates.template import Template, TemplateFilter
from tests.unit.plugins.scaffolder.conftest import USER, Bench

OTHER = "user:default/mats"
FORM = """
- title: One
  required: [name]
  properties: {name: {type: string, minLength: 3}}
- title: Two
  required: [token]
  properties: {token: {'ui:field': Secret, type: string}, size: {type: number}}
"""


def states(scaffolder: Scaffolder, task_id: str) -> list[str]:
    return [step.status for step in scaffolder.get_task(task_id).steps]


def install(scaffolder: Scaffolder, run: Any, action_id: str = "my:own", **options: Any) -> None:
    scaffolder.register_action(Action(InstalledAction(action_id, "My own"), run, **options))


def refuse(context: ActionContext) -> None:
    raise ActionError("not today")


def test_templates_are_listed_found_and_counted(bench: Bench) -> None:
    ref = bench.add_template("[]", metadata="title: New thing\ntags: [python]")
    scaffolder = bench.open()

    assert [one.title for one in scaffolder.list_templates()] == ["New thing"]
    assert scaffolder.list_templates(TemplateFilter(tags=("java",))) == ()
    assert scaffolder.facets().types == (("service", 1),)
    assert scaffolder.get_template(ref.upper()).owner_refs == ("user:default/leila",)
    for wrong in ("template:default/nope", "component:default/shop"):
        with pytest.raises(TemplateNotFoundError):
            scaffolder.get_template(wrong)


def test_values_are_checked_on_every_page_and_secrets_must_be_given(bench: Bench) -> None:
    ref = bench.add_template("[]", parameters=FORM)
    scaffolder = bench.open()
    template = scaffolder.get_template(ref)

    assert scaffolder.validate_page(template, 0, {"name": "abc"}) == ()
    wrong = scaffolder.validate(template, {"name": "a", "size": "x"})
    assert [(one.page, one.field) for one in wrong] == [(0, "name"), (1, "size")]
    with pytest.raises(InvalidValuesError) as caught:
        scaffolder.create_task(ref, {"name": "abc"}, user=USER)
    assert [(one.page, one.path) for one in caught.value.errors] == [(1, ("token",))]
    for values in ({"name": "x" * 2_000_000}, {"name": object()}):
        with pytest.raises(InvalidValuesError, match="must"):
            scaffolder.create_task(ref, values, user=USER, secrets={"token": "hunter2"})


def test_nobody_runs_anything_without_signing_in(bench: Bench) -> None:
    ref = bench.add_template("[]")
    scaffolder = bench.open()

    for user in (None, ""):
        with pytest.raises(NotAllowedError, match="sign in"):
            scaffolder.create_task(ref, {}, user=user)
        with pytest.raises(NotAllowedError, match="sign in"):
            scaffolder.dry_run(scaffolder.get_template(ref), {}, user=user)


def test_a_template_that_cannot_be_run_is_listed_and_says_why(bench: Bench) -> None:
    ref = bench.add_template("- {action: debug:log}\n" * 201)
    scaffolder = bench.open()

    assert [one.entity_ref for one in scaffolder.list_templates()] == [ref]
    with pytest.raises(TemplateError, match="a list of at most 200 steps"):
        scaffolder.create_task(ref, {}, user=USER)


def test_a_task_is_kept_with_its_steps_log_and_times(any_bench: Bench) -> None:
    ref = any_bench.add_template("- {id: a, name: Say, action: debug:log, input: {message: hi}}")
    scaffolder = any_bench.open()
    created_at = any_bench.clock()
    task_id = scaffolder.create_task(ref, {"name": "seat-map"}, user=USER)
    assert scaffolder.get_task(task_id).status == "open"
    any_bench.clock.advance(timedelta(seconds=2))
    assert scaffolder.worker.run_pending() == 1

    task = any_bench.open().get_task(task_id)
    assert (task.status, task.created_by, task.template_ref) == ("completed", USER, ref)
    assert task.values == {"name": "seat-map"}
    assert (task.created_at, task.ended_at) == (created_at, any_bench.clock())
    (step,) = task.steps
    assert (step.id, step.name, step.action, step.started_at) == (
        "a",
        "Say",
        "debug:log",
        any_bench.clock(),
    )
    log = scaffolder.read_log(task_id)
    assert [line.message for line in log][-2:] == ["hi", "Finished Say"]
    assert {line.step_id for line in log} == {"a"}
    assert scaffolder.read_log(task_id, after=log[1].id) == log[2:]
    assert scaffolder.read_log(task_id, after=log[-1].id) == ()
    with pytest.raises(TaskNotFoundError):
        scaffolder.read_log("nope")


def test_tasks_are_listed_the_newest_first_and_by_user(any_bench: Bench) -> None:
    ref = any_bench.add_template("[]")
    scaffolder = any_bench.open()
    made = []
    for user in (USER, OTHER, USER):
        made.append(scaffolder.create_task(ref, {}, user=user))
        any_bench.clock.advance(timedelta(seconds=1))

    everything = scaffolder.list_tasks()
    assert [task.id for task in everything.items] == made[::-1]
    mine = scaffolder.list_tasks(created_by=USER, limit=1, offset=1)
    assert ([task.id for task in mine.items], mine.total) == ([made[0]], 2)
    scaffolder.worker.run_pending()
    assert scaffolder.list_tasks(status="open").total == 0
    assert scaffolder.list_tasks(status="completed").total == 3


def test_the_end_of_a_task_is_an_event_and_only_success_saves_time(any_bench: Bench) -> None:
    ref = any_bench.add_template(
        "- {action: my:own, if: '${{ parameters.fails }}'}",
        metadata="annotations: {backstage.io/time-saved: PT2H}",
    )
    scaffolder = any_bench.open()
    install(scaffolder, refuse)
    scaffolder.create_task(ref, {"name": "seat-map"}, user=USER)
    scaffolder.create_task(ref, {"fails": True}, user=USER)
    scaffolder.worker.run_pending()
    scaffolder.cancel(scaffolder.create_task(ref, {"name": ""}, user=USER), user=USER)

    told = sorted(
        (event["action"], event["subject"], event.get("value"), user)
        for event, user in any_bench.events
    )
    assert told == [
        ("cancelled", "new new", None, USER),
        ("completed", "seat-map", 120, USER),
        ("failed", "new new", None, USER),
    ]
    event = any_bench.events[0][0]
    assert event["context"] == {
        "routeRef": "unknown",
        "pluginId": "scaffolder",
        "extension": "App",
        "entityRef": ref,
        "taskId": event["context"]["taskId"],
    }


def test_people_who_opted_out_are_not_recorded(bench: Bench) -> None:
    ref = bench.add_template("[]")
    scaffolder = bench.open()
    scaffolder.create_task(ref, {}, user=USER, is_recorded=False)
    scaffolder.worker.run_pending()
    task_id = scaffolder.create_task(ref, {}, user=USER, is_recorded=False)
    scaffolder.cancel(task_id, user=USER)

    assert bench.events == []


def test_listeners_are_called_at_the_end_of_a_task_and_cannot_spoil_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    ref = bench.add_template("[]")
    scaffolder = bench.open()
    told: list[tuple[str, str]] = []

    def break_(task: Task) -> None:
        raise ValueError(task.id)

    scaffolder.on_task_end(break_)
    scaffolder.on_task_end(lambda task: told.append((task.id, task.status)))
    done = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()
    given_up = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.cancel(given_up, user=USER)

    assert told == [(done, "completed"), (given_up, "cancelled")]
    assert "Not all listeners heard of the end" in caplog.text


@pytest.mark.parametrize(
    ("values", "subject"),
    [
        ({"name": "shop"}, "shop"),
        ({"name": ""}, "new job"),
        ({}, "new job"),
        ({"name": 3}, "new job"),
    ],
)
def test_the_subject_is_the_name_else_new_and_the_template(
    values: dict[str, Any], subject: str
) -> None:
    template = Template("template:default/job", "default", "job", "A job", "", "service")

    assert create_subject(template, values) == subject


def test_a_waiting_task_is_cancelled_at_once_and_never_run(any_bench: Bench) -> None:
    ref = any_bench.add_template("- {action: debug:log}")
    scaffolder = any_bench.open()
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.cancel(task_id, user=USER)

    assert scaffolder.worker.run_pending() == 0
    assert scaffolder.get_task(task_id).status == "cancelled"
    assert states(scaffolder, task_id) == ["cancelled"]
    with pytest.raises(TaskStateError, match="it is cancelled"):
        scaffolder.cancel(task_id, user=USER)


def test_a_running_task_is_cancelled_where_its_step_waits(any_bench: Bench) -> None:
    ref = any_bench.add_template(
        "- {action: debug:log}\n- {action: my:own}\n- {action: debug:wait, input: {minutes: 10}}"
    )
    scaffolder = any_bench.open()
    install(scaffolder, lambda context: scaffolder.cancel(context.task_id, user=USER))
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    assert scaffolder.get_task(task_id).status == "cancelled"
    assert states(scaffolder, task_id) == ["completed", "completed", "cancelled"]
    assert scaffolder.read_log(task_id)[-1].message == "The task was cancelled"
    assert not scaffolder.get_task(task_id).is_cancelling


def test_only_the_user_who_started_a_task_may_cancel_or_retry_it(bench: Bench) -> None:
    ref = bench.add_template("[]")
    scaffolder = bench.open()
    task_id = scaffolder.create_task(ref, {}, user=USER)

    for user in (OTHER, None, ""):
        with pytest.raises(NotAllowedError, match="only they can"):
            scaffolder.cancel(task_id, user=user)
        with pytest.raises(NotAllowedError, match="only they can"):
            scaffolder.retry(task_id, user=user)
    with pytest.raises(TaskNotFoundError):
        scaffolder.cancel("nope", user=USER)


def test_a_retry_goes_on_from_the_failed_step_with_clean_files(any_bench: Bench) -> None:
    any_bench.write("skeleton/a.txt", "first")
    ref = any_bench.add_template(
        """
        - {id: fetch, action: 'fetch:plain', input: {url: ./skeleton}}
        - {id: own, action: 'my:own'}
        - {id: look, action: 'fs:readdir', input: {paths: ['.']}}
        """,
        rest="output: {files: '${{ steps.look.output.files | length }}'}",
    )
    scaffolder = any_bench.open()
    is_broken = [True]

    def run(context: ActionContext) -> dict[str, Any]:
        context.workspace.write_bytes("half-done.txt", b"") if is_broken else None
        if is_broken:
            is_broken.clear()
            raise ActionError("not today")
        return {"text": context.workspace.read_bytes("a.txt").decode()}

    install(scaffolder, run)
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()
    assert states(scaffolder, task_id) == ["completed", "failed", "open"]
    assert not scaffolder.get_task(task_id).retry_problem

    any_bench.write("skeleton/a.txt", "changed since")
    scaffolder.retry(task_id, user=USER)
    scaffolder.worker.run_pending()
    task = scaffolder.get_task(task_id)
    assert (task.status, task.error) == ("completed", "")
    assert task.output.others == {"files": 1}
    assert [event["action"] for event, _ in any_bench.events] == ["failed", "completed"]
    with pytest.raises(TaskStateError, match="it is completed"):
        scaffolder.retry(task_id, user=USER)


def test_secrets_are_forgotten_with_the_end_and_a_retry_needs_them_again(any_bench: Bench) -> None:
    ref = any_bench.add_template("- {action: my:own}", parameters=FORM)
    scaffolder = any_bench.open()
    install(scaffolder, refuse)
    task_id = scaffolder.create_task(
        ref, {"name": "shop"}, user=USER, secrets={"token": "hunter2-and-more"}
    )
    scaffolder.worker.run_pending()

    with any_bench.engine.connect() as connection:
        for table in ("scaffolder_task", "scaffolder_step", "scaffolder_log"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert rows
            assert "hunter2" not in repr(rows)
    assert scaffolder.get_task(task_id).needs_secrets == ("token",)
    with pytest.raises(TaskStateError, match="needs token again"):
        scaffolder.retry(task_id, user=USER)
    scaffolder.retry(task_id, user=USER, secrets={"token": "again"})
    assert scaffolder.get_task(task_id).status == "open"


def test_of_several_processes_one_runs_a_task_and_another_one_takes_over(any_bench: Bench) -> None:
    ref = any_bench.add_template("- {action: debug:log}\n- {action: my:own}")
    first, second = any_bench.open(), any_bench.open()
    task_id = first.create_task(ref, {}, user=USER)
    taken: list[int] = []

    def run(context: ActionContext) -> None:
        taken.append(second.worker.run_pending())
        any_bench.clock.advance(LEASE + timedelta(seconds=1))
        taken.append(second.worker.run_pending())

    install(first, run)
    install(second, lambda context: None)
    first.worker.run_pending()

    assert taken == [0, 1]
    assert first.get_task(task_id).status == "completed"
    assert [event["action"] for event, _ in any_bench.events] == ["completed"]
    messages = [line.message for line in first.read_log(task_id)]
    assert messages.count("Beginning step debug:log") == 1
    assert messages.count("Beginning step my:own") == 2


def test_a_step_that_ends_the_portal_again_and_again_fails_the_task(any_bench: Bench) -> None:
    ref = any_bench.add_template("- {action: my:own}")
    scaffolder = any_bench.open()
    task_id = scaffolder.create_task(ref, {}, user=USER)

    class PortalKilledError(BaseException):
        pass

    def kill(context: ActionContext) -> None:
        raise PortalKilledError

    for _ in range(3):
        process = any_bench.open()
        install(process, kill)
        with pytest.raises(PortalKilledError):
            process.worker.run_pending()
        any_bench.clock.advance(LEASE + timedelta(seconds=1))
    any_bench.open().worker.run_pending()

    assert (
        scaffolder.get_task(task_id).error
        == "the step was begun 3 times and never ended; see the portal's log"
    )
    assert states(scaffolder, task_id) == ["failed"]


@pytest.mark.parametrize("reaches_out", [False, True])
def test_without_its_files_a_task_starts_over_unless_it_has_changed_things_outside(
    bench: Bench, *, reaches_out: bool
) -> None:
    ref = bench.add_template("- {id: a, name: First, action: my:first}\n- {action: my:own}")
    scaffolder = bench.open()
    ran: list[str] = []
    install(scaffolder, lambda context: ran.append("first"), "my:first", reaches_out=reaches_out)
    install(scaffolder, refuse)
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()
    for folder in (bench.folder / "data/scaffolder" / task_id).iterdir():
        folder.rename(folder.with_name("gone"))
    scaffolder.retry(task_id, user=USER)
    scaffolder.worker.run_pending()

    error = scaffolder.get_task(task_id).error
    if reaches_out:
        assert error.startswith("the files of the task are gone, and its step First has changed")
        assert ran == ["first"]
    else:
        assert error == "my:own: not today"
        assert ran == ["first", "first"]


def test_a_log_is_kept_within_bounds(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_store, "MAX_LOG", 1_000)
    monkeypatch.setattr(task_store, "MAX_LINE", 300)
    ref = bench.add_template("- {action: my:own}")
    scaffolder = bench.open()

    def talk(context: ActionContext) -> None:
        for _ in range(50):
            context.log("x\0" * 1_000)

    install(scaffolder, talk)
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    log = [line.message for line in scaffolder.read_log(task_id)]
    assert scaffolder.get_task(task_id).status == "completed"
    assert log[1] == "x\N{REPLACEMENT CHARACTER}" * 150
    assert log[-1] == "The log is full; what is said from here on is not kept"
    assert len(log) < 8


def test_files_go_when_they_are_of_no_use_any_more(bench: Bench) -> None:
    folder = bench.folder / "data/scaffolder"
    ref = bench.add_template(
        "- {action: debug:log}\n- {action: my:own, if: '${{ parameters.fails }}'}"
    )
    scaffolder = bench.open()
    install(scaffolder, refuse)
    scaffolder.create_task(ref, {}, user=USER)
    kept = scaffolder.create_task(ref, {"fails": True}, user=USER)
    scaffolder.worker.run_pending()
    assert [one.name for one in folder.iterdir()] == [kept]
    assert [one.name for one in (folder / kept).iterdir()] == ["after-1"]

    scaffolder.worker.clean_up()
    assert (folder / kept).exists()
    bench.clock.advance(timedelta(days=3_000))
    scaffolder.worker.clean_up()
    assert list(folder.iterdir()) == []


def test_a_dry_run_changes_nothing_outside_and_shows_what_would_be(bench: Bench) -> None:
    ref = bench.add_template(
        """
        - {id: write, action: 'catalog:write', input: {entity: {kind: Component}}}
        - {id: wait, action: 'debug:wait', input: {minutes: 10}}
        - {id: publish, action: 'publish:git', input: {repoUrl: one}}
        - {id: say, action: 'debug:log', input: {message: '${{ steps.publish.output.remoteUrl }}'}}
        """,
    )
    scaffolder = bench.open()
    run = scaffolder.dry_run(scaffolder.get_template(ref), {}, user=USER)

    assert [step.status for step in run.steps] == ["completed"] * 4
    assert [file.path for file in run.files] == ["catalog-info.yaml"]
    messages = [line.message for line in run.log]
    assert "Left out in a dry run: publish:git" in messages
    assert "<Where to clone it from>" in messages
    assert not (bench.folder / "data/repositories").exists()
    assert scaffolder.list_tasks().total == 0
    assert bench.events == []


def test_the_editor_tries_a_template_with_the_files_it_brings(bench: Bench) -> None:
    scaffolder = bench.open()
    template = scaffolder.parse_template(
        """
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata: {name: edited}
        spec: {type: service, steps: [{action: 'fetch:plain', input: {url: ./files}}]}
        """
    )
    files = {"files/a.txt": b"hello", "files/b.bin": b"\0", "other.txt": b"x"}
    run = scaffolder.dry_run(template, {}, user=USER, files=files)

    assert [(file.path, file.text) for file in run.files] == [("a.txt", "hello"), ("b.bin", None)]
    for url in ("../", "/etc", "./nope"):
        step = f"{{action: 'fetch:plain', input: {{url: '{url}'}}}}"
        spec = f"spec: {{type: service, steps: [{step}]}}"
        head = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: x}\n"
        run = scaffolder.dry_run(
            scaffolder.parse_template(head + spec), {}, user=USER, files={"a": b""}
        )
        assert run.error
        assert run.files == ()


def test_a_plugin_gives_templates_filters_and_globals(bench: Bench) -> None:
    ref = bench.add_template("[]", rest="output: {text: [{content: '${{ place | shout }}'}]}")
    scaffolder = bench.open()

    scaffolder.template_extensions.register("({ filters: { shout: (text) => `${text}!` } })")
    scaffolder.template_extensions.register("({ globals: { place: 'Hamburg' } })")
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    assert [text.content for text in scaffolder.get_task(task_id).output.texts] == ["Hamburg!"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("({ filters: ", "SyntaxError"),
        ("(7)", "must give filters or globals"),
        ("({ filter: {} })", "an extension gives filter; it may give filters and globals"),
        ("({ filters: { shout: 1 } })", "the filter shout is not a function"),
    ],
)
def test_an_extension_that_cannot_be_used_is_refused_at_once(
    bench: Bench, source: str, message: str
) -> None:
    with pytest.raises(ExpressionError, match=message):
        bench.open().template_extensions.register(source)
