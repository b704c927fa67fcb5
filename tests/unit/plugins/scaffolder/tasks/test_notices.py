from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from backstage_py.plugins.notifications.api import Payload, Severity
from backstage_py.plugins.scaffolder.actions.notification import Notification
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.tasks.notices import Notices
from backstage_py.plugins.scaffolder.tasks.task import Task, TaskStatus

ANN = "user:default/ann"


class Told:
    """Keeps sent notifications."""

    def __init__(self) -> None:
        self.news: list[tuple[str, Payload, list[str] | None]] = []

    def __call__(self, origin: str, payload: Payload, recipients: Iterable[str] | None) -> int:
        self.news.append((origin, payload, None if recipients is None else list(recipients)))
        return 1


def a_task(status: TaskStatus, error: str = "") -> Task:
    return Task(
        id="7",
        status=status,
        template_ref="template:default/ledger",
        template_title="Ledger",
        created_by=ANN,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        error=error,
    )


@pytest.mark.parametrize(
    ("task", "title", "severity"),
    [
        (a_task("completed"), "Ledger has run to its end", Severity.NORMAL),
        (a_task("failed", error="no such folder"), "Ledger has failed", Severity.HIGH),
    ],
)
def test_the_user_who_started_a_task_is_notified_of_its_end(
    task: Task, title: str, severity: Severity
) -> None:
    told = Told()

    Notices(told).announce_end(task)

    [(origin, payload, recipients)] = told.news
    assert (origin, recipients) == ("scaffolder", [ANN])
    assert (payload.title, payload.severity) == (title, severity)
    assert (payload.description, payload.link) == (task.error, "/create/tasks/7")


def test_the_user_who_cancelled_a_task_is_not_notified() -> None:
    told = Told()

    Notices(told).announce_end(a_task("cancelled"))

    assert told.news == []


def test_a_step_notifies_the_people_it_names_or_everybody() -> None:
    told = Told()
    notices = Notices(told)

    notices.send(Notification((ANN,), "Look", severity="high"), sender="template:default/t")
    notices.send(Notification((), "Hear"), sender="template:default/t")

    assert [(payload.title, recipients) for _, payload, recipients in told.news] == [
        ("Look", [ANN]),
        ("Hear", None),
    ]
    assert told.news[0][1].topic == "template:default/t"


@pytest.mark.parametrize(
    ("notification", "message"),
    [
        (Notification((ANN,), ""), "input: title: is empty"),
        (Notification((ANN,), "Look", link="javascript:x"), "input: link: is "),
        (Notification((ANN,), "Look", severity="loud"), "input: 'loud' is not"),
    ],
)
def test_a_step_with_wrong_words_fails_and_says_why(
    notification: Notification, message: str
) -> None:
    with pytest.raises(ActionError, match=message):
        Notices(Told()).send(notification, sender="template:default/t")
