from typing import Any

import pytest

from backstage_py.plugins.scaffolder.actions.notification import Notification
from backstage_py.plugins.scaffolder.errors import ActionError
from tests.unit.plugins.scaffolder.conftest import USER, Bench


def run(bench: Bench, input_: str, send: Any = None) -> tuple[str, list[Any]]:
    sent: list[Any] = []
    ref = bench.add_template(f"- {{action: 'notification:send', input: {input_}}}")
    scaffolder = bench.open()
    scaffolder.provide_notifications(
        send or (lambda notification, *, sender: sent.append((notification, sender)))
    )
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()
    return scaffolder.get_task(task_id).error, sent


def test_it_is_not_installed_until_somebody_can_notify(bench: Bench) -> None:
    task, _ = bench.run("- {action: 'notification:send', input: {}}")

    assert "notification:send is not installed" in task.error


def test_recipients_are_entities_or_everybody(bench: Bench) -> None:
    error, sent = run(
        bench,
        "{recipients: entity, entityRefs: ['user:leila'], title: Done, info: ok, severity: high}",
    )
    assert not error
    assert sent == [
        (
            Notification(("user:leila",), "Done", description="ok", severity="high"),
            "template:default/new",
        )
    ]
    _, sent = run(bench, "{recipients: broadcast, title: Done}")
    assert sent[0][0] == Notification((), "Done")


@pytest.mark.parametrize(("optional", "fails"), [("false", True), ("true", False)])
def test_a_failure_to_send_fails_the_step_unless_it_is_optional(
    bench: Bench, optional: str, *, fails: bool
) -> None:
    def refuse(notification: Notification, *, sender: str) -> None:
        raise ActionError("nobody is there")

    error, _ = run(bench, f"{{recipients: broadcast, title: a, optional: {optional}}}", refuse)
    assert ("nobody is there" in error) == fails


def test_entities_must_be_named_where_entities_are_meant(bench: Bench) -> None:
    assert "name at least one" in run(bench, "{recipients: entity, title: a}")[0]
