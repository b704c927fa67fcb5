from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.browser_tag import BrowserTag
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import UserIdentity, user_id_plain
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import (
    HeldError,
    NotTriedError,
    PartlyDeliveredError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent
from tests.unit.analytics.recorded import recorded


class Tool(AnalyticsApi):
    def __init__(self) -> None:
        self.taken: list[RecordedEvent] = []
        self.trouble: Exception | None = None

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        self.taken += events
        if self.trouble:
            raise self.trouble


@pytest.fixture
def tool() -> Tool:
    return Tool()


def backend(tool: Tool, mode: Any = "disabled", **routing: Any) -> Backend:
    users = {"visit-1": "ann"}
    return Backend(
        "tool",
        tool,
        routing=Routing.from_config(Config(routing)),
        identity=UserIdentity(mode, user_id_plain),
        users_of_sessions=lambda ids: {id_: users[id_] for id_ in ids if id_ in users},
    )


def test_a_tool_is_not_called_for_what_it_does_not_get(tool: Tool) -> None:
    backend(tool, exclude=[{"action": "click"}]).capture_events([recorded()])

    assert tool.taken == []


@pytest.mark.parametrize(("mode", "user"), [("disabled", None), ("optional", "ann")])
def test_the_user_is_what_the_tool_may_know(tool: Tool, mode: str, user: str | None) -> None:
    backend(tool, mode).capture_events([recorded(user="ann"), recorded(user=None)])

    assert [event.user for event in tool.taken] == [user, None]


def test_a_required_user_is_the_one_who_signed_in_later(tool: Tool) -> None:
    stranger, ann = recorded(session_id="visit-0"), recorded(session_id="visit-1")

    with pytest.raises(PartlyDeliveredError) as error:
        backend(tool, "required").capture_events([stranger, ann])

    assert list(error.value.failures) == [stranger.id]
    assert isinstance(error.value.failures[stranger.id], HeldError)
    assert [(event.id, event.user) for event in tool.taken] == [(ann.id, "ann")]


def test_a_tool_that_is_down_is_distinguished_from_held_events(tool: Tool) -> None:
    tool.trouble = RetryLaterError("down")
    stranger, known = recorded(), recorded(user="ann")

    with pytest.raises(PartlyDeliveredError) as error:
        backend(tool, "required").capture_events([stranger, known])

    assert error.value.failures[known.id] is tool.trouble


@pytest.mark.parametrize("trouble", [RejectedError("no"), ValueError("what?")])
def test_events_refused_beside_held_ones_come_again(tool: Tool, trouble: Exception) -> None:
    tool.trouble = trouble
    stranger, known = recorded(), recorded(user="ann")

    with pytest.raises(PartlyDeliveredError) as error:
        backend(tool, "required").capture_events([stranger, known])

    assert isinstance(error.value.failures[known.id], NotTriedError)


def test_what_it_says_of_single_events_too(tool: Tool) -> None:
    stranger, bad, good = recorded(), recorded(user="ann"), recorded(user="ann")
    tool.trouble = PartlyDeliveredError({bad.id: RejectedError("no")})

    with pytest.raises(PartlyDeliveredError) as error:
        backend(tool, "required").capture_events([stranger, bad, good])

    assert set(error.value.failures) == {stranger.id, bad.id}


def test_a_verdict_on_a_whole_batch_is_left_to_delivery(tool: Tool) -> None:
    tool.trouble = RetryLaterError("down", 7)

    with pytest.raises(RetryLaterError) as error:
        backend(tool).capture_events([recorded(), recorded()])

    assert error.value.after_seconds == 7


def test_beside_a_tag_the_server_sends_what_the_server_captured(tool: Tool) -> None:
    tool.browser_tag = BrowserTag(Path("tag.js"), {})
    ours = recorded(origin="server")

    backend(tool).capture_events([recorded(origin="browser"), ours])

    assert [event.id for event in tool.taken] == [ours.id]
