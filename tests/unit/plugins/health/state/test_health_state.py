import logging
import operator
from collections.abc import Callable
from typing import Any, cast

import pytest

from backstage_py.analytics import DeliveryState, Recorder
from backstage_py.plugins.health.state import health_state as state_module
from backstage_py.plugins.health.state.health_state import HealthState
from tests.loops import run
from tests.unit.analytics.recorded import recorded
from tests.unit.plugins.health.conftest import Desk

Call = Callable[..., None]


@pytest.fixture
def page() -> HealthState:
    return cast("Any", HealthState)(_reflex_internal_init=True)


@pytest.fixture
def call(desk: Desk, page: HealthState, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls an event handler as Ann, or as somebody else."""

    def call_handler(name: str, *arguments: str, user: str = "user:default/ann") -> None:
        monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: user)
        handler = cast("Any", HealthState.event_handlers[name]).fn
        run(handler(page, *arguments))

    monkeypatch.setattr(state_module, "get_recorder", lambda: desk.runtime.recorder)
    monkeypatch.setattr(state_module, "get_runtime", lambda: desk.runtime)
    return call_handler


@pytest.fixture
def dead_letter(desk: Desk) -> str:
    event = recorded()
    desk.register("picky")
    desk.park("picky", DeliveryState.DEAD, event, reason="HTTP 400")
    return event.id


def test_readers_see_the_health(page: HealthState, call: Call, dead_letter: str) -> None:
    call("look")

    assert page.problems == ["1 event for picky had to be given up."]
    assert [row.event_id for row in page.events] == [dead_letter]
    assert [row.name for row in page.backends] == ["picky"]


@pytest.mark.parametrize(
    "handler",
    [
        ("look",),
        ("resume",),
        ("choose_state", "dead"),
        ("choose_backend", "picky"),
        ("retry_all", "picky"),
        ("retry_event", "picky", "ID"),
    ],
    ids=operator.itemgetter(0),
)
def test_others_see_nothing_and_change_nothing(
    page: HealthState, call: Call, desk: Desk, dead_letter: str, handler: tuple[str, ...]
) -> None:
    call("look")

    call(*(dead_letter if one == "ID" else one for one in handler), user="user:default/bob")

    assert not page.is_allowed
    assert (page.problems, page.figures, page.backends, page.events) == ([], [], [], [])
    assert [one.state for one in desk.deliveries.list()] == [DeliveryState.DEAD]


def test_a_retry_says_how_many_and_shows_what_became_of_it(
    page: HealthState, call: Call, dead_letter: str
) -> None:
    call("retry_event", "picky", dead_letter)

    assert page.message == "1 event for picky is tried again."
    assert [row.state for row in page.events] == ["Waiting"]


@pytest.mark.usefixtures("dead_letter")
@pytest.mark.parametrize(("chosen", "count"), [("dead", 1), ("waiting", 0), ("no state", 1)])
def test_a_state_is_chosen_whatever_the_browser_sends(
    page: HealthState, call: Call, chosen: str, count: int
) -> None:
    call("choose_state", chosen)

    assert len(page.events) == count


@pytest.mark.usefixtures("dead_letter")
def test_a_database_that_does_not_answer_is_reported_until_it_does(
    page: HealthState, call: Call, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    rename = "ALTER TABLE {} RENAME TO {}"
    with desk.deliveries.engine.begin() as connection:
        connection.exec_driver_sql(rename.format("analytics_delivery", "away"))
    with caplog.at_level(logging.WARNING):
        call("look")
        call("look")
        call("retry_all", "picky")

    assert not page.is_answering
    assert page.is_loaded
    assert page.problems == ["The database is not responding."]
    assert page.message == "The database is not responding. Nothing was changed."
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "The health page waits for the database",
        "Nothing is tried again",
    ]
    with desk.deliveries.engine.begin() as connection:
        connection.exec_driver_sql(rename.format("away", "analytics_delivery"))
    call("look")
    assert page.is_answering
    assert len(page.events) == 1
