from collections.abc import Iterable

import pytest

from backstage_py.analytics import AnalyticsEvent
from backstage_py.plugins.notifications.service import Payload, Severity
from backstage_py.plugins.scaffolder.actions.notification import Notification
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.notices import Notices

ANN = "user:default/ann"


class Told:
    """Keeps what people are told."""

    def __init__(self) -> None:
        self.news: list[tuple[str, Payload, list[str] | None]] = []

    def __call__(self, origin: str, payload: Payload, recipients: Iterable[str] | None) -> int:
        self.news.append((origin, payload, None if recipients is None else list(recipients)))
        return 1


def end(action: str) -> AnalyticsEvent:
    context = {"pluginId": "scaffolder", "taskId": "7"}
    return AnalyticsEvent(action=action, subject="ledger", context=context)


@pytest.mark.parametrize(
    ("action", "title", "severity"),
    [
        ("completed", "ledger is ready", Severity.NORMAL),
        ("failed", "ledger has failed", Severity.HIGH),
    ],
)
def test_who_started_a_task_is_told_of_its_end(action: str, title: str, severity: Severity) -> None:
    told = Told()

    Notices(told).announce_end(end(action), ANN)

    [(origin, payload, recipients)] = told.news
    assert (origin, recipients) == ("scaffolder", [ANN])
    assert (payload.title, payload.severity) == (title, severity)
    assert (payload.link, payload.scope) == ("/create/tasks/7", "task 7")


def test_who_cancelled_a_task_is_not_told_of_it() -> None:
    told = Told()

    Notices(told).announce_end(end("cancelled"), ANN)

    assert told.news == []


def test_a_step_tells_whom_it_names_or_everybody() -> None:
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
