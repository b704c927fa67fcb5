"""The tabs that are refreshed, and those that are not."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
import reflex as rx

from backstage_py.analytics import ANYTHING, Signals
from backstage_py.storage import open_engine
from backstage_py.ui import live
from backstage_py.ui.live import LiveTabs
from tests.loops import run

ANN, BOB = "user:default/ann", "user:default/bob"


class Looking(rx.State):
    """Shows something."""

    @rx.event
    def look(self) -> None:
        """Look again."""

    @rx.event
    def look_too(self) -> None:
        """Look at something else."""


class Tabs:
    """An app with open tabs, and what each was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        record = SimpleNamespace(instance_id="here")
        self.sockets = dict.fromkeys(("t1", "t2"), record)
        manager = SimpleNamespace(token_to_socket=self.sockets, instance_id="here")
        self.event_namespace = SimpleNamespace(_token_manager=manager, emit_update=self._emit)
        self.signals = Signals(open_engine({"DATABASE_URL": "sqlite://"}))
        self.live = LiveTabs(lambda: self.signals)

    async def _emit(self, update: Any, token: str) -> None:
        self.sent += [(token, event.name.rpartition(".")[2]) for event in update.events]

    async def open(self, token: str, event: str = "root.hydrate_and_load") -> None:
        sent = SimpleNamespace(name=event, router_data={"token": token})
        await self.live.preprocess(cast("Any", self), cast("Any", None), cast("Any", sent))

    def watch(self, token: str, key: str, look: Any = Looking.look, **options: Any) -> None:
        session = SimpleNamespace(session=SimpleNamespace(client_token=token))
        state = cast("Any", SimpleNamespace(router=session))
        self.live.watch(state, "topic", look, key=key, **{"seconds": 0.0, **options})

    async def hear(self, key: str) -> list[tuple[str, str]]:
        self.sent.clear()
        self.signals.send("topic", key)
        for _ in range(5):
            await asyncio.sleep(0)
        return sorted(self.sent)


@pytest.fixture
def tabs(monkeypatch: pytest.MonkeyPatch) -> Tabs:
    context = SimpleNamespace(get=lambda: SimpleNamespace(router_data=None))
    monkeypatch.setattr(live, "EventContext", context)
    return Tabs()


def test_the_tabs_that_show_it_look_again(tabs: Tabs) -> None:
    async def go() -> None:
        await tabs.open("t1")
        tabs.watch("t1", ANN)
        tabs.watch("t2", BOB)
        assert await tabs.hear(ANN) == [("t1", "look")]
        assert await tabs.hear(ANYTHING) == [("t1", "look"), ("t2", "look")]
        tabs.watch("t2", ANYTHING)
        assert await tabs.hear("anybody") == [("t2", "look")]

    run(go())


def test_a_page_that_is_left_is_not_updated_and_watches_of_all_pages_stay(tabs: Tabs) -> None:
    async def go() -> None:
        await tabs.open("t1")
        tabs.watch("t1", ANN)
        tabs.watch("t1", ANN, Looking.look_too, is_of_page=False)
        await tabs.open("t1", "root.on_load_internal")
        assert await tabs.hear(ANN) == [("t1", "look_too")]
        await tabs.open("t1")
        assert await tabs.hear(ANN) == []

    run(go())


def test_a_tab_that_is_gone_is_forgotten(tabs: Tabs) -> None:
    async def go() -> None:
        await tabs.open("t1")
        tabs.watch("t1", ANN)
        del tabs.sockets["t1"]
        assert await tabs.hear(ANN) == []
        assert not tabs.live._topics["topic"]

    run(go())


def test_a_flood_causes_one_update_in_the_time_that_the_page_asks_for(tabs: Tabs) -> None:
    async def go() -> None:
        await tabs.open("t1")
        tabs.watch("t1", ANN, seconds=60.0)
        for _ in range(100):
            tabs.signals.send("topic", ANN)
        assert await tabs.hear(ANN) == [("t1", "look")]
        assert await tabs.hear(ANN) == []

    run(go())


def test_every_tab_is_greeted_when_it_connects(tabs: Tabs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_CONNECT_SECONDS", 0.0)
    tabs.live.on_connect(Looking.look)

    async def go() -> None:
        await tabs.open("t1")
        for _ in range(5):
            await asyncio.sleep(0)

    run(go())
    assert tabs.sent == [("t1", "look")]
