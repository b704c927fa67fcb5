"""Where events go: the interface of a backend, and the simplest backends.

The interface is the `AnalyticsApi` of `@backstage/core-plugin-api`, with batches beside
it; `MultipleAnalyticsApi` behaves as the one of `@backstage/core-app-api`. Delivery calls
backends in threads of its own; none of this is called by a component.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from backstage_py.analytics.backends.browser_tag import BrowserTag
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.backends.console import show_line
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.user_identity import UserIdentity, user_id_plain
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.settings import NoSettings
from backstage_py.analytics.errors import (
    CannotEraseError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent, Scalar

_logger = logging.getLogger(__name__)


class AnalyticsApi:
    """A backend: a subclass implements `capture_event`, or `capture_events`, or both.

    It is called by one thread at a time, unless its policy says otherwise. What it raises
    never reaches the app, and decides how delivery goes on: RetryLaterError and what the
    network raises is tried again, NotWantedError is forgotten, RejectedError and any other
    exception goes to the dead letters. An event may come more than once; its `id` tells.
    `from_config(config)`, if the class has it, gets its section of the configuration.
    """

    delivery: DeliveryPolicy = DeliveryPolicy()
    """The default delivery policy; the configuration can change it."""
    identity: UserIdentity = UserIdentity()
    """What the tool is told about users by default; the configuration can change it."""
    browser_tag: BrowserTag | None = None
    """Its part in the browser, if it has one: that gets what the browser captures."""
    is_delivered: bool = True
    """Whether the server delivers events to it; false if only a tag reaches the tool."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if (
            cls.capture_event is AnalyticsApi.capture_event
            and cls.capture_events is AnalyticsApi.capture_events
        ):
            raise TypeError(f"{cls.__name__} must implement capture_event or capture_events")

    def capture_event(self, event: RecordedEvent) -> None:
        """Take one event."""
        self.capture_events((event,))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take events in their order; one that fails stops only those of its session.

        Raises:
            PartlyDeliveredError: If some were not taken.
        """
        failures: dict[str, Exception] = {}
        stopped: set[str] = set()
        for event in events:
            if event.session_id in stopped:
                failures[event.id] = NotTriedError()
                continue
            try:
                self.capture_event(event)
            except Exception as error:
                name = type(self).__name__
                _logger.warning("%s did not take event %s", name, event.id, exc_info=True)
                failures[event.id] = classify(error)
                if event.session_id and isinstance(failures[event.id], RetryLaterError):
                    stopped.add(event.session_id)
        if failures:
            raise PartlyDeliveredError(failures)

    def erase_user(self, user: str) -> None:
        """Delete what the tool has of a user, by the id that it was told as `event.user`.

        It may be called again for the same user. Implement it where the tool can.

        Raises:
            CannotEraseError: If the tool has no way to do it, as here.
            DeliveryError: As for `capture_events`.
        """
        del user
        raise CannotEraseError("It cannot erase users: do it in the tool itself")

    def close(self) -> None:
        """Send what waits, and let go of connections; nothing is captured afterwards."""


class NoOpAnalyticsApi(AnalyticsApi):
    """Takes events and does nothing."""

    def capture_event(self, event: RecordedEvent) -> None:
        """Do nothing."""

    def erase_user(self, user: str) -> None:
        """Do nothing: nothing was kept."""


class BrowserAnalyticsApi(AnalyticsApi):
    """A tool that only its own tag can reach; nothing is delivered to it by the server."""

    is_delivered = False

    def __init__(self, tag: BrowserTag) -> None:
        self.browser_tag = tag

    def capture_event(self, event: RecordedEvent) -> None:
        """Do nothing: the tag does it."""


class ConsoleAnalyticsApi(AnalyticsApi):
    """Shows one line per event: through the logging of the app, or else on stdout."""

    identity = UserIdentity("optional", user_id_plain)

    @classmethod
    def from_config(cls, config: Config) -> "ConsoleAnalyticsApi":
        """The backend of a section, which has no keys.

        Raises:
            ConfigurationError: If it has one.
        """
        NoSettings.from_config(config)
        return cls()

    def capture_event(self, event: RecordedEvent) -> None:
        """Show the event."""
        show_line(_line(event))


class MultipleAnalyticsApi(AnalyticsApi):
    """Hands every event to every backend; one that fails stops neither others nor the app."""

    def __init__(self, apis: Iterable[AnalyticsApi]) -> None:
        self._apis = tuple(apis)

    def capture_event(self, event: RecordedEvent) -> None:
        """Hand one event on."""
        for api in self._apis:
            try:
                api.capture_event(event)
            except Exception:
                name = type(api).__name__
                _logger.warning("%s did not take event %s", name, event.id, exc_info=True)

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Hand the events on, all of them to one backend before the next."""
        for api in self._apis:
            try:
                api.capture_events(events)
            except PartlyDeliveredError:
                continue  # each of those events has been logged
            except Exception:
                name, ids = type(api).__name__, ", ".join(event.id for event in events)
                _logger.warning("%s did not take events %s", name, ids, exc_info=True)

    def close(self) -> None:
        """Close every backend."""
        for api in self._apis:
            try:
                api.close()
            except Exception:
                _logger.warning("%s did not close", type(api).__name__, exc_info=True)


def _line(event: RecordedEvent) -> str:
    facts: dict[str, object] = {"value": event.value, **event.context}
    if event.attributes is not None:
        facts["attributes"] = dict(event.attributes)
    facts |= {"user": event.user, "session": event.session_id}
    shown = [f"{key}={_shown(value)}" for key, value in facts.items() if value is not None]
    return " ".join(["analytics:", _word(event.action), _shown(event.subject), *shown])


def _shown(value: object | Scalar) -> str:
    return orjson.dumps(value).decode()


def _word(text: str) -> str:
    return text if text.isprintable() and " " not in text else _shown(text)
