import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from backstage_py.analytics import RecordedEvent
from backstage_py.analytics.testing import run_handler
from backstage_py.insights.callers import Caller
from backstage_py.insights.ui.live import live_state
from backstage_py.insights.ui.live.live_state import EventsState

AT = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
WATCHER = Caller(user="user:default/ann", reads_events=True)


class Store:
    """Gives the events that it holds, the newest first."""

    def __init__(self) -> None:
        self.events: list[RecordedEvent] = []
        self.asked: dict[str, Any] = {}

    def read(self, **asked: Any) -> Any:
        self.asked = asked
        return type("Page", (), {"events": tuple(reversed(self.events))})

    def add(self, number: int) -> None:
        event_id = f"01a2097e-ce6c-7000-be60-45e4f47d4d{number:02}"
        self.events.append(
            RecordedEvent(
                action="click", subject=str(number), id=event_id, timestamp=AT, received_at=AT
            )
        )


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(live_state, "get_runtime", lambda: type("Runtime", (), {"store": store}))
    monkeypatch.setattr(live_state, "visitor_of", lambda _state: WATCHER)
    store.add(1)
    store.add(2)
    return store


def run(handler: Any, *arguments: Any, state: Any = None) -> Any:
    return asyncio.run(run_handler(handler, *arguments, state=state))


def subjects(state: Any) -> list[str]:
    return [row.subject for row in state.rows]


def test_an_open_event_stays_where_it_is_until_it_is_closed(store: Store) -> None:
    state = run(EventsState.load).state
    [opened, _] = state.rows

    run(EventsState.toggle, opened.id, state=state)
    store.add(3)
    run(EventsState.look, state=state)
    assert (subjects(state), state.waiting) == (["2", "1"], 1)

    run(EventsState.toggle, opened.id, state=state)
    assert (subjects(state), state.waiting) == (["3", "2", "1"], 0)


def test_a_user_is_only_a_filter_for_those_who_see_names(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = run(EventsState.load).state
    run(EventsState.choose_user, " user:default/ben ", state=state)
    assert (store.asked["user"], state.is_filtered) == ("user:default/ben", True)

    monkeypatch.setattr(live_state, "visitor_of", lambda _state: Caller(reads_events=True))
    run(EventsState.look, state=state)
    assert store.asked["user"] is None


def test_only_an_event_that_is_shown_is_copied(store: Store) -> None:
    state = run(EventsState.load).state

    copied = run(EventsState.copy, store.events[0].id, state=state).events
    assert len(copied) == 1
    assert run(EventsState.copy, "01a2097e-ce6c-7000-be60-45e4f47d4d99", state=state).events == []
