"""How steps are run: conditions, repetition, inputs, secrets, outputs, failures."""

from typing import Any

import pytest

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.tasks.task import OutputLink, OutputText, TaskOutput
from tests.unit.plugins.scaffolder.conftest import USER, Bench


def states(task: Any) -> dict[str, str]:
    return {step.id: step.status for step in task.steps}


def test_a_task_runs_its_steps_in_order_and_ends_with_its_output(bench: Bench) -> None:
    bench.write("skeleton/${{ values.name }}.txt", "Hello ${{ values.name }}")
    task, log = bench.run(
        """
        - id: fetch
          name: Fill in
          action: fetch:template
          input: {url: ./skeleton, values: {name: '${{ parameters.name }}'}}
        - id: look
          name: Look
          action: fs:readdir
          input: {paths: ['.']}
        """,
        {"name": "Kari"},
        rest="""
        output:
          links:
            - {title: Page, url: 'https://example.com/${{ parameters.name }}', icon: web}
            - {title: Entity, entityRef: 'component:default/shop'}
            - {title: Not wanted, url: 'https://example.com', if: '${{ parameters.no == 1 }}'}
            - {title: Dangerous, url: 'javascript:alert(1)'}
            - {title: Elsewhere, url: '//evil.example'}
          text:
            - {title: Next, content: 'Files: ${{ steps.look.output.files | dump }}'}
          first: ${{ steps.look.output.files[0].name }}
        """,
    )

    assert (task.status, task.error) == ("completed", "")
    assert states(task) == {"fetch": "completed", "look": "completed"}
    assert log[:3] == ["Beginning step Fill in", "Wrote 1 files", "Finished Fill in"]
    assert task.output == TaskOutput(
        links=(
            OutputLink("Page", "https://example.com/Kari", icon="web"),
            OutputLink("Entity", entity_ref="component:default/shop"),
        ),
        texts=(
            OutputText(
                "Next",
                'Files: [{"name":"Kari.txt","path":"Kari.txt","fullPath":"Kari.txt"}]',
            ),
        ),
        others={"first": "Kari.txt"},
    )


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "''",
        "'${{ parameters.no }}'",
        "'${{ parameters.tags }}'",
        "'${{ parameters.flag === true }}'",
        "'${{ not parameters.name }}'",
        "'{% if parameters.flag %}true{% else %}false{% endif %}'",
    ],
)
def test_a_step_whose_condition_does_not_hold_is_skipped(bench: Bench, condition: str) -> None:
    steps = f"- {{id: a, action: unheard:of, if: {condition}}}\n- {{id: b, action: debug:log}}"
    task, log = bench.run(steps, {"name": "x", "tags": [], "flag": False})

    assert states(task) == {"a": "skipped", "b": "completed"}
    assert "Skipped unheard:of, because its condition is false" in log


@pytest.mark.parametrize(
    "condition",
    ["true", "'no'", "'${{ parameters.name }}'", "'${{ !parameters.name }}'"],
)
def test_any_other_condition_holds(bench: Bench, condition: str) -> None:
    task, _ = bench.run(f"- {{id: a, action: debug:log, if: {condition}}}", {"name": "x"})

    assert states(task) == {"a": "completed"}


def test_a_step_is_repeated_for_each_entry_and_its_outputs_become_lists(bench: Bench) -> None:
    bench.write("pages/a.txt", "A")
    bench.write("pages/b.txt", "B")
    task, log = bench.run(
        """
        - id: copy
          action: fetch:plain:file
          each: ['a', 'b']
          input:
            url: ./pages/${{ each.value }}.txt
            targetPath: ${{ each.key }}/${{ each.value }}
        - id: look
          action: fs:readdir
          each: {one: '0', two: '1'}
          input: {paths: ['${{ each.value }}']}
        - id: show
          action: debug:log
          input: {message: '${{ steps.look.output.files | dump }}'}
        """
    )

    assert task.status == "completed"
    assert any('[[{"name":"a","path":"0/a"' in line for line in log)


@pytest.mark.parametrize("each", ["text", "3", "'${{ range(2000) | list }}'"])
def test_what_cannot_be_gone_through_fails_the_step(bench: Bench, each: str) -> None:
    task, _ = bench.run(f"- {{id: a, action: debug:log, each: {each}}}")

    assert "each: " in task.error


def test_all_inputs_of_a_repeated_step_are_checked_before_it_runs_once(bench: Bench) -> None:
    task, log = bench.run(
        """
        - id: wait
          action: debug:wait
          each: [0, 'never']
          input: {seconds: '${{ each.value }}'}
        """
    )

    assert task.error == 'debug:wait: debug:wait: input.seconds "never" is not of type "number"'
    assert not any(line.startswith("Waiting") for line in log)


def test_a_wrong_input_fails_before_the_action_runs_and_names_the_field(bench: Bench) -> None:
    task, _ = bench.run("- {id: a, name: Fetch, action: fetch:template, input: {targetPath: 3}}")

    assert task.status == "failed"
    assert "Fetch: fetch:template: " in task.error
    assert "input.url is required" in task.error
    assert 'input.targetPath 3 is not of type "string"' in task.error


def test_the_run_stops_at_the_first_failure(bench: Bench) -> None:
    task, log = bench.run(
        """
        - {id: a, action: debug:log}
        - {id: b, name: Publish, action: 'publish:gerrit', if: 'yes'}
        - {id: c, action: debug:log}
        """
    )

    assert task.status == "failed"
    assert states(task) == {"a": "completed", "b": "failed", "c": "open"}
    assert "the action publish:gerrit is not installed" in task.error
    assert log[-1] == task.error


def test_missing_actions_are_reported_before_anything_is_done(bench: Bench) -> None:
    task, log = bench.run(
        """
        - {id: a, action: debug:log}
        - {id: b, name: Publish, action: 'publish:gerrit'}
        - {id: c, action: 'jenkins:build', if: '${{ false }}'}
        - {id: d, action: 'gerrit:review'}
        """
    )

    assert states(task) == {"a": "open", "b": "failed", "c": "open", "d": "open"}
    assert log == [task.error]
    assert task.error.startswith(
        "Publish: the actions publish:gerrit, gerrit:review are not installed in this portal"
    )


def test_an_action_that_breaks_is_reported_and_logged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def break_(context: ActionContext) -> None:
        raise KeyError(context.input["message"])

    ref = bench.add_template("- {id: a, name: Break, action: my:own, input: {message: oops}}")
    scaffolder = bench.open()
    scaffolder.register_action(Action(InstalledAction("my:own", "Breaks"), break_))
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    assert (
        scaffolder.get_task(task_id).error == "Break: the portal could not do it: KeyError: 'oops'"
    )
    assert "fails in the step a" in caplog.text


@pytest.mark.parametrize(
    ("output", "message"),
    [({"a": object()}, "are not JSON"), ({"a": "x" * 5_000_000}, "have more than 4194304 bytes")],
)
def test_outputs_must_be_json_of_a_sane_size(
    bench: Bench, output: dict[str, Any], message: str
) -> None:
    ref = bench.add_template("- {action: my:own}")
    scaffolder = bench.open()
    scaffolder.register_action(Action(InstalledAction("my:own", "Gives"), lambda context: output))
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    assert message in scaffolder.get_task(task_id).error


def test_a_huge_output_of_a_template_is_left_out(bench: Bench) -> None:
    task, log = bench.run(
        "- {action: debug:log}",
        rest='output: {a: "{% for i in range(99999) %}${{ parameters.text }}{% endfor %}"}',
        values={"text": "x" * 50},
    )

    assert (task.status, task.output) == ("completed", TaskOutput())
    assert "bytes" in log[-1]


def test_secrets_reach_inputs_only_and_no_log_error_or_output(bench: Bench) -> None:
    task, log = bench.run(
        """
        - id: leak
          name: 'Leak'
          action: debug:log
          input: {message: 'it is ${{ secrets.token }}'}
        - id: hidden
          action: debug:log
          if: ${{ secrets.token }}
        - id: fail
          name: Fail
          action: fetch:plain
          input: {url: './${{ secrets.token }}'}
        """,
        secrets={"token": "hunter2-and-more"},
        rest="output: {leak: '${{ secrets.token }}'}",
    )

    assert states(task) == {"leak": "completed", "hidden": "skipped", "fail": "failed"}
    assert "it is ***" in log
    assert "hunter2" not in repr(task) + repr(log)


def test_the_user_the_task_and_the_steps_before_are_in_the_context(bench: Bench) -> None:
    task, log = bench.run(
        """
        - id: show-it
          action: debug:log
          input:
            message: >-
              ${{ user.ref }} ${{ user.entity.spec.profile.displayName }} ${{ context.task.id }}
        """
    )

    assert f"{USER} Leila Haddad {task.id}" in log


def test_an_output_that_cannot_be_rendered_costs_only_itself(bench: Bench) -> None:
    task, log = bench.run(
        "- {action: debug:log}", rest="output: {a: '${{ 1 | nosuch }}', b: '${{ 1 + 1 }}'}"
    )

    assert task.status == "completed"
    assert task.output == TaskOutput(others={"a": "${{ 1 | nosuch }}", "b": 2})
    assert "nosuch" in log[-1]


def test_an_input_that_cannot_be_rendered_stays_as_it_is_written(bench: Bench) -> None:
    task, log = bench.run("- {action: debug:log, input: {message: \"${{ '' | now }}\"}}")

    assert task.status == "completed"
    assert "${{ '' | now }}" in log
    assert any("now" in line and "stays as it is written" in line for line in log)


def test_a_repeated_step_is_skipped_per_entry(bench: Bench) -> None:
    task, log = bench.run(
        """
        - id: show
          name: Show
          action: debug:log
          each: [{n: x, on: true}, {n: y, on: false}]
          if: ${{ each.value.on }}
          input: {message: 'for ${{ each.value.n }}'}
        """
    )

    assert states(task) == {"show": "completed"}
    assert "for x" in log
    assert "Skipped Show for 1, because its condition is false" in log
    assert "for y" not in log


def test_only_steps_that_ask_for_the_status_run_after_a_failure(bench: Bench) -> None:
    steps = """
        - {id: before, action: debug:log, if: '${{ failure() }}'}
        - {id: fail, name: Fail, action: fetch:plain, input: {url: ./nowhere}}
        - {id: later, action: debug:log}
        - {id: always, action: debug:log, if: '${{ always() }}', input: {message: cleaning}}
        - {id: failed, action: debug:log, if: '${{ failure() and parameters.loud }}'}
        - {id: other, action: debug:log, if: '${{ parameters.loud }}'}
    """
    task, log = bench.run(steps, {"loud": True})

    assert task.status == "failed"
    assert task.error.startswith("Fail: ")
    assert states(task) == {
        "before": "skipped",
        "fail": "failed",
        "later": "open",
        "always": "completed",
        "failed": "completed",
        "other": "open",
    }
    assert "cleaning" in log


def test_a_retry_goes_on_from_the_step_that_failed(bench: Bench) -> None:
    ref = bench.add_template(
        """
        - {id: make, action: fetch:plain:file, input: {url: ./a.txt, targetPath: a.txt}}
        - {id: fail, action: fetch:plain, input: {url: ./later}}
        - {id: always, action: debug:log, if: '${{ always() }}'}
        """
    )
    bench.write("a.txt", "A")
    scaffolder = bench.open()
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()
    assert scaffolder.get_task(task_id).status == "failed"

    bench.write("later/b.txt", "B")
    scaffolder.retry(task_id, user=USER)
    scaffolder.worker.run_pending()

    task = scaffolder.get_task(task_id)
    assert (task.status, set(states(task).values())) == ("completed", {"completed"})


def test_the_owner_s_environment_is_in_the_context(bench: Bench) -> None:
    bench.settings["defaultEnvironment"] = {
        "parameters": {"region": "north"},
        "secrets": {"token": "hunter2-and-more"},
    }
    task, log = bench.run(
        """
        - id: show
          action: debug:log
          input: {message: '${{ environment.parameters.region }} ${{ environment.secrets.token }}'}
        """,
        rest="output: {leak: '${{ environment.secrets.token }}'}",
    )

    assert "north ***" in log
    assert "hunter2" not in repr(task) + repr(log)
