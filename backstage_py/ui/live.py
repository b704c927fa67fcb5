"""Tells open tabs that something they show has changed, so that none of them polls.

A handler declares what its tab shows with `watch`. When that changes, in any process, the tab is
sent an event that it sends back, so the handler reads again, with all its checks. A tab that loses
its connection starts over with the event of `on_connect`.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext

from backstage_py.analytics import ANYTHING, Signals, get_signals

_logger = logging.getLogger(__name__)

_CONNECTED = ".hydrate_and_load"
"""The event that Reflex's browser side sends with every connection."""
_NAVIGATED = ".on_load_internal"
"""The event that loads a page; the page's handlers watch again."""
_CONNECT_SECONDS = 0.1
_Place = tuple[str, str]
"""A tab, and the event that refreshes it."""


@dataclass(slots=True)
class _Watch:
    """One thing that a tab watches: a key of a topic."""

    key: str
    look: Event
    seconds: float
    is_of_page: bool
    told_at: float = 0.0
    timer: asyncio.TimerHandle | None = None


class LiveTabs(Middleware):
    """The tabs that this process serves, and what each of them watches.

    Args:
        signals: The signals of changes.
    """

    def __init__(self, signals: Callable[[], Signals] = get_signals) -> None:
        self._signals = signals
        self._topics: dict[str, dict[_Place, _Watch]] = {}
        self._on_connect: list[Any] = []
        self._app: App | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def install(self, app: App) -> None:
        """Serve the tabs of an app."""
        app.add_middleware(self, index=0)

    def on_connect(self, look: Any) -> None:
        """Send every tab this event when it connects or reconnects."""
        self._on_connect.append(look)

    def watch(
        self,
        state: rx.State,
        topic: str,
        look: Any,
        *,
        key: str = ANYTHING,
        seconds: float = 0.2,
        is_of_page: bool = True,
    ) -> None:
        """Refresh the tab of a running handler when something changes.

        Args:
            state: The state of the handler.
            topic: What is watched, such as "notifications".
            look: The event handler that refreshes, without arguments.
            key: A key of the topic, such as the ref of a user; without it, any key.
            seconds: The minimum time between two refreshes.
            is_of_page: Whether it ends when another page is opened in the tab.
        """
        if self._app is None:
            return
        if topic not in self._topics:
            self._topics[topic] = {}
            self._signals().listen(topic, lambda told: self._hear(topic, told))
        [event] = Event.from_event_type(look)
        place = state.router.session.client_token, event.name
        known = self._topics[topic].setdefault(place, _Watch(key, event, seconds, is_of_page))
        known.key, known.seconds = key, seconds

    def unwatch(self, state: rx.State, topic: str, look: Any) -> None:
        """Stop refreshing the tab of a running handler."""
        [event] = Event.from_event_type(look)
        self._forget(topic, (state.router.session.client_token, event.name))

    async def preprocess(
        self,
        app: App,
        state: BaseState,  # ruff: ignore[unused-method-argument]
        event: Event,
    ) -> StateUpdate | None:
        """Note tabs that connect or open another page."""
        self._app, self._loop = app, asyncio.get_running_loop()
        is_connected = event.name.endswith(_CONNECTED)
        if is_connected or event.name.endswith(_NAVIGATED):
            router_data = EventContext.get().router_data or event.router_data or {}
            token = router_data.get(RouteVar.CLIENT_TOKEN, "")
            self._leave(token, with_all=is_connected)
            if is_connected and self._on_connect:
                self._loop.call_later(_CONNECT_SECONDS, self._greet, token)
        return None

    def _greet(self, token: str) -> None:
        self._send(token, Event.from_event_type(list(self._on_connect)))

    def _leave(self, token: str, *, with_all: bool) -> None:
        """Forget what a tab watches: all of it, or what belongs to the page that it leaves."""
        for topic, watches in self._topics.items():
            for place, watch in list(watches.items()):
                if place[0] == token and (with_all or watch.is_of_page):
                    self._forget(topic, place)

    def _hear(self, topic: str, key: str) -> None:
        """Handle a signal; called in any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, topic, key)

    def _tell(self, topic: str, key: str) -> None:
        assert self._loop is not None
        now = time.monotonic()
        for place, watch in self._topics[topic].items():
            is_meant = ANYTHING in {key, watch.key} or key == watch.key
            if is_meant and watch.timer is None:
                delay = max(0.0, watch.told_at + watch.seconds - now)
                watch.timer = self._loop.call_later(delay, self._look, topic, place)

    def _look(self, topic: str, place: _Place) -> None:
        watch = self._topics[topic].get(place)
        if watch is None:
            return
        watch.timer, watch.told_at = None, time.monotonic()
        if self._is_here(place[0]):
            self._send(place[0], [watch.look])
        else:
            self._forget(topic, place)

    def _send(self, token: str, looks: Sequence[Event]) -> None:
        if not self._is_here(token):
            return
        assert self._app is not None
        assert self._app.event_namespace is not None
        update = StateUpdate(events=list(looks))
        task = asyncio.ensure_future(self._app.event_namespace.emit_update(update, token))
        task.add_done_callback(_log_error)

    def _is_here(self, token: str) -> bool:
        if self._app is None or self._app.event_namespace is None:
            return False
        tokens = self._app.event_namespace._token_manager  # ruff: ignore[private-member-access]
        socket = tokens.token_to_socket.get(token)
        return socket is not None and socket.instance_id == tokens.instance_id

    def _forget(self, topic: str, place: _Place) -> None:
        watch = self._topics.get(topic, {}).pop(place, None)
        if watch is not None and watch.timer is not None:
            watch.timer.cancel()


def _log_error(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        _logger.warning("A tab cannot be refreshed: %s", error)


live_tabs = LiveTabs()
"""The tabs of this process."""
