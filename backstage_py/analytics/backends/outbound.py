"""What stands before a backend: only its own events pass, without what it must not know."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import UserIdentity
from backstage_py.analytics.errors import (
    HeldError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent

UsersOfSessions = Callable[[Collection[str]], Mapping[str, str]]
"""The user of each of these sessions, by its id, where one is known."""


class Outbound(AnalyticsApi):
    """Routing, redaction and identity, and behind them the backend itself."""

    def __init__(
        self,
        api: AnalyticsApi,
        *,
        routing: Routing,
        identity: UserIdentity,
        users_of_sessions: UsersOfSessions,
    ) -> None:
        self.api = api
        self.routing = routing
        self.user_identity = identity
        self._users_of_sessions = users_of_sessions

    def held(self, events: Sequence[RecordedEvent]) -> set[str]:
        """The ids of those that wait until the user of their session is known."""
        if self.user_identity.mode != "required":
            return set()
        wanted = [event for event in events if self._takes(event)]
        return {event.id for event in self._with_users(wanted) if event.user is None}

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Hand on what the tool is to get.

        Raises:
            PartlyDeliveredError: If some of it is held, or was not taken.
        """
        wanted = [event for event in events if self._takes(event)]
        required = self.user_identity.mode == "required"
        known = self._with_users(wanted) if required else wanted
        held = [event.id for event in known if required and event.user is None]
        failures: dict[str, Exception] = dict.fromkeys(held, HeldError())
        ready = [self._prepared(event) for event in known if event.id not in failures]
        if ready and not failures:
            self.api.capture_events(ready)
        elif ready:
            failures |= self._failures_of(ready)
        if failures:
            raise PartlyDeliveredError(failures)

    def known_as(self, user: str) -> str | None:
        """The id that the tool was told this user by; None if it was told nothing."""
        return self.user_identity.user_id(user)

    def erase_user(self, user: str) -> None:
        """Let the tool erase a user, by the id that it knows."""
        self.api.erase_user(user)

    def close(self) -> None:
        """Close the backend."""
        self.api.close()

    def _failures_of(self, events: Sequence[RecordedEvent]) -> Mapping[str, Exception]:
        try:
            self.api.capture_events(events)
        except PartlyDeliveredError as error:
            return error.failures
        except Exception as error:  # ruff: ignore[blind-except]
            # Refused as a whole: delivery splits it when it comes again without what is held.
            verdict = classify(error)
            again = verdict if isinstance(verdict, RetryLaterError) else NotTriedError()
            return dict.fromkeys((event.id for event in events), again)
        return {}

    def _takes(self, event: RecordedEvent) -> bool:
        """The tool's tag, where there is one, gets what the browser captures."""
        is_the_tags = self.api.browser_tag is not None and event.origin == "browser"
        return not is_the_tags and self.routing.takes(event)

    def _with_users(self, events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
        sessions = {event.session_id for event in events if event.user is None}
        users = self._users_of_sessions({one for one in sessions if one is not None})
        return [
            event if event.user else replace(event, user=users.get(event.session_id or ""))
            for event in events
        ]

    def _prepared(self, event: RecordedEvent) -> RecordedEvent:
        user = self.user_identity.user_id(event.user)
        return replace(self.routing.redacted(event), user=user)
