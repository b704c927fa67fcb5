"""A configured backend: which events it receives, and how they are delivered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import UserIdentity, user_id_plain
from backstage_py.analytics.errors import (
    HeldError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent

UsersOfSessions = Callable[[Collection[str]], Mapping[str, str]]
"""Returns the known users of these sessions, by session id."""


def _no_users(sessions: Collection[str]) -> Mapping[str, str]:
    del sessions
    return {}


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend under its name in the configuration.

    Only events routed to it reach `api`, without redacted fields, and with the user id that the
    tool may know. If it requires users, events are held until their user is known.
    """

    name: str
    api: AnalyticsApi
    policy: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    routing: Routing = field(default_factory=Routing)
    identity: UserIdentity = field(default_factory=lambda: UserIdentity("optional", user_id_plain))
    users_of_sessions: UsersOfSessions = _no_users

    @property
    def requires_users(self) -> bool:
        """Whether events wait until the user of their session is known."""
        return self.identity.mode == "required"

    def held(self, events: Sequence[RecordedEvent]) -> set[str]:
        """The ids of the events that wait until the user of their session is known."""
        if not self.requires_users:
            return set()
        wanted = [event for event in events if self._takes(event)]
        return {event.id for event in self._with_users(wanted) if event.user is None}

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Forward the events that are routed to the tool.

        Raises:
            PartlyDeliveredError: If some are held, or were not accepted.
            Exception: The tool's own error, if it accepted none.
        """
        wanted = [event for event in events if self._takes(event)]
        known = self._with_users(wanted) if self.requires_users else wanted
        held = [event.id for event in known if self.requires_users and event.user is None]
        failures: dict[str, Exception] = dict.fromkeys(held, HeldError())
        ready = [self._prepared(event) for event in known if event.id not in failures]
        if ready and not failures:
            self.api.capture_events(ready)
        elif ready:
            failures |= self._failures_of(ready)
        if failures:
            raise PartlyDeliveredError(failures)

    def known_as(self, user: str) -> str | None:
        """The id by which the tool knows this user, or None."""
        return self.identity.user_id(user)

    def erase_user(self, user: str) -> None:
        """Ask the tool to erase a user, by the id it knows; raises the tool's own errors."""
        self.api.erase_user(user)

    def close(self) -> None:
        """Close connections; nothing is captured afterwards."""
        self.api.close()

    def _failures_of(self, events: Sequence[RecordedEvent]) -> Mapping[str, Exception]:
        try:
            self.api.capture_events(events)
        except PartlyDeliveredError as error:
            return error.failures
        except Exception as error:  # ruff: ignore[blind-except]
            # The tool refused all of them. Delivery splits a batch to find the bad event, but it
            # cannot while some of the batch are held: so these come again, without the held ones.
            verdict = classify(error)
            again = verdict if isinstance(verdict, RetryLaterError) else NotTriedError()
            return dict.fromkeys((event.id for event in events), again)
        return {}

    def _takes(self, event: RecordedEvent) -> bool:
        """Whether the event is routed to the tool; its tag gets the browser's events."""
        is_the_tags = self.api.browser_tag is not None and event.origin == "browser"
        return not is_the_tags and self.routing.takes(event)

    def _with_users(self, events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
        sessions = {event.session_id for event in events if event.user is None}
        users = self.users_of_sessions({one for one in sessions if one is not None})
        return [
            event if event.user else replace(event, user=users.get(event.session_id or ""))
            for event in events
        ]

    def _prepared(self, event: RecordedEvent) -> RecordedEvent:
        user = self.identity.user_id(event.user)
        return replace(self.routing.redacted(event), user=user)
