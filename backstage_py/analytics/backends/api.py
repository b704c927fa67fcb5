"""Where events go: the interface of a backend, and the simplest backends.

The interface is the `AnalyticsApi` of `@backstage/core-plugin-api`, plus batches;
`MultipleAnalyticsApi` behaves like that of `@backstage/core-app-api`. Delivery calls backends in
its own threads; components never call them.
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

    Only one thread calls it at a time, unless its policy says otherwise. Its exceptions never reach
    the app; they tell delivery what to do: RetryLaterError and network errors are retried,
    NotWantedError drops the event, RejectedError and all others send it to the dead letters. An
    event may arrive more than once, with the same `id`. `from_config(config)`, if the class has it,
    gets its section of the configuration.
    """

    delivery: DeliveryPolicy = DeliveryPolicy()
    """The default delivery policy; the configuration can change it."""
    identity: UserIdentity = UserIdentity()
    """What the tool is told about users by default; the configuration can change it."""
    browser_tag: BrowserTag | None = None
    """Its tag in the browser, if any; the tag then receives the browser's events."""
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
        """Handle one event."""
        self.capture_events((event,))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Handle events in order; a failed one only stops later ones of its session.

        Raises:
            PartlyDeliveredError: If some were not accepted.
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
                _logger.warning("%s did not accept event %s", name, event.id, exc_info=True)
                failures[event.id] = classify(error)
                if event.session_id and isinstance(failures[event.id], RetryLaterError):
                    stopped.add(event.session_id)
        if failures:
            raise PartlyDeliveredError(failures)

    def erase_user(self, user: str) -> None:
        """Delete the tool's data about a user, by the id it received as `event.user`.

        It may be called again for the same user. Override it if the tool can erase.

        Raises:
            CannotEraseError: If the tool cannot do it, which is the default.
            DeliveryError: As for `capture_events`.
        """
        del user
        raise CannotEraseError("It cannot erase users: do it in the tool itself")

    def close(self) -> None:
        """Send pending events and close connections; nothing is captured afterwards."""


class NoOpAnalyticsApi(AnalyticsApi):
    """Takes events and does nothing."""

    def capture_event(self, event: RecordedEvent) -> None:
        """Do nothing."""

    def erase_user(self, user: str) -> None:
        """Do nothing: nothing was kept."""


class BrowserAnalyticsApi(AnalyticsApi):
    """A tool reachable only through its own tag; the server delivers nothing to it."""

    is_delivered = False

    def __init__(self, tag: BrowserTag) -> None:
        self.browser_tag = tag

    def capture_event(self, event: RecordedEvent) -> None:
        """Do nothing: the tag does it."""


class ConsoleAnalyticsApi(AnalyticsApi):
    """Prints one line per event, through the app's logging or else to stdout."""

    identity = UserIdentity("optional", user_id_plain)

    @classmethod
    def from_config(cls, config: Config) -> "ConsoleAnalyticsApi":
        """Create the backend; its section has no keys.

        Raises:
            ConfigurationError: If it has one.
        """
        NoSettings.from_config(config)
        return cls()

    def capture_event(self, event: RecordedEvent) -> None:
        """Show the event."""
        show_line(_line(event))


class MultipleAnalyticsApi(AnalyticsApi):
    """Sends every event to every backend; a failing one stops neither the others nor the app."""

    def __init__(self, apis: Iterable[AnalyticsApi]) -> None:
        self._apis = tuple(apis)

    def capture_event(self, event: RecordedEvent) -> None:
        """Forward one event."""
        for api in self._apis:
            try:
                api.capture_event(event)
            except Exception:
                name = type(api).__name__
                _logger.warning("%s did not accept event %s", name, event.id, exc_info=True)

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Forward all events to one backend, then to the next."""
        for api in self._apis:
            try:
                api.capture_events(events)
            except PartlyDeliveredError:
                continue  # each of those events has been logged
            except Exception:
                name, ids = type(api).__name__, ", ".join(event.id for event in events)
                _logger.warning("%s did not accept events %s", name, ids, exc_info=True)

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
