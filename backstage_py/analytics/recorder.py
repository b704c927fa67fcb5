"""Records what the server captures, and says who sent a request."""

from collections.abc import Callable, Mapping

from backstage_py.analytics.capture.dialect import Dialect
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.rules import Choice
from backstage_py.analytics.event import AnalyticsEvent, Origin
from backstage_py.analytics.identity.capture_key import CaptureKeys
from backstage_py.analytics.identity.identity import IdentityApi, is_shared, may_read_analytics
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.robots import Robots


class Recorder:
    """Records events of the server, for the user the server knows.

    Args:
        config: Says who may read analytics.
        ingest: Where events go.
        identity: Knows who sent a request.
        consent: Knows whether its sender is recorded.
        robots: Knows which senders are robots.
        dialect: How events name their place.
        capture_keys: Knows who was signed in when something was captured.
        start: Called before the first event; it starts what stores them.
    """

    def __init__(
        self,
        config: Config,
        ingest: Ingest,
        *,
        identity: IdentityApi,
        consent: Consent,
        robots: Robots,
        dialect: Dialect,
        capture_keys: CaptureKeys,
        start: Callable[[], None],
    ) -> None:
        self._config = config
        self._ingest = ingest
        self._identity = identity
        self._consent = consent
        self._robots = robots
        self.dialect = dialect
        self._capture_keys = capture_keys
        self._start = start

    def record(
        self,
        event: AnalyticsEvent,
        *,
        session_id: str | None,
        user: str | None,
        origin: Origin = "server",
    ) -> None:
        """Record an event of the server; returns before it is in the store.

        Args:
            event: What happened.
            session_id: The visit it belongs to, if there is one.
            user: The entity ref of the person, if it is known.
            origin: "agent" where a program acted, as through MCP.

        Raises:
            StoreUnavailableError: If too many are waiting already.
        """
        self._start()
        self._ingest.record(event, session_id=session_id, user=user, origin=origin)

    def count_robot(self) -> None:
        """Count an event of a robot, which is not recorded."""
        self._ingest.count_robots(1)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the user who sent these request headers."""
        return self._identity.identify(headers)

    def person(self, capture_key: object, headers: Mapping[str, str]) -> str | None:
        """Who was signed in when a browser captured, by its key, or without one by the headers."""
        return self._capture_keys.person(capture_key, headers)

    def is_shared(self, user: str) -> bool:
        """Whether this user stands for several people at once, as the guest does."""
        return is_shared(self._identity, user)

    def is_robot(self, headers: Mapping[str, str]) -> bool:
        """Whether a robot sent these request headers, and robots are refused."""
        return self._robots.refuse(headers)

    def has_consent(self, headers: Mapping[str, str]) -> bool:
        """Whether the cookie and the signals of a request allow recording its sender."""
        return self._consent.is_given(headers)

    def allows(self, headers: Mapping[str, str], choice: Choice | None) -> bool:
        """Whether a sender with this choice and these headers may be recorded."""
        return self._consent.lets(headers, choice)

    def may_read(self, user: str | None) -> bool:
        """Whether the owner lets this user read analytics."""
        return may_read_analytics(self._config, user)
