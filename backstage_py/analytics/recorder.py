"""Records what the server captures, and says who sent a request."""

from collections.abc import Callable, Mapping

from backstage_py.analytics.capture.dialect import Dialect
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.rules import Choice
from backstage_py.analytics.event import AnalyticsEvent, Origin
from backstage_py.analytics.identity.access import PUBLIC, Access, Refusal
from backstage_py.analytics.identity.capture_key import CaptureKeys
from backstage_py.analytics.identity.credentials import current_credentials
from backstage_py.analytics.identity.identity import IdentityApi, is_shared
from backstage_py.analytics.identity.permissions import ANALYTICS_EVENT_READ, Permissions
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.robots import Robots


class Recorder:
    """Records events of the server, for the user the server knows.

    Args:
        ingest: Where events go.
        identity: Knows who sent a request.
        permissions: Knows what a user may do.
        consent: Knows whether its sender is recorded.
        robots: Knows which senders are robots.
        dialect: How events name their place.
        capture_keys: Knows who was signed in when something was captured.
        start: Called before the first event; it starts what stores them.
    """

    def __init__(
        self,
        ingest: Ingest,
        *,
        identity: IdentityApi,
        permissions: Permissions,
        consent: Consent,
        robots: Robots,
        dialect: Dialect,
        capture_keys: CaptureKeys,
        start: Callable[[], None],
    ) -> None:
        self._ingest = ingest
        self._identity = identity
        self._permissions = permissions
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
        """The user at capture time, by the browser's key, or without one by the headers."""
        return self._capture_keys.person(capture_key, headers)

    def is_shared(self, user: str) -> bool:
        """Whether several people share this user, as all guests do."""
        return is_shared(self._identity, user)

    def is_robot(self, headers: Mapping[str, str]) -> bool:
        """Whether a robot sent these request headers, and robots are refused."""
        return self._robots.refuse(headers)

    def has_consent(self, headers: Mapping[str, str]) -> bool:
        """Whether a request's cookie and signals allow recording its sender."""
        return self._consent.is_given(headers)

    def allows(self, headers: Mapping[str, str], choice: Choice | None) -> bool:
        """Whether a sender with this choice and these headers may be recorded."""
        return self._consent.lets(headers, choice)

    def may(self, user: str | None, permission: str, resource: str | None = None) -> bool:
        """Whether a user has a permission, for the entity `resource` or for anything at all.

        An API token of the running request narrows it to its scopes; a service has no more than
        these.
        """
        credentials = current_credentials()
        if credentials is not None and not credentials.allows(permission):
            return False
        if credentials is not None and credentials.is_service:
            return True
        return self._permissions.may(user, permission, resource)

    def may_read(self, user: str | None) -> bool:
        """Whether a user may read recorded events."""
        return self.may(user, ANALYTICS_EVENT_READ)

    def check(self, headers: Mapping[str, str], rule: Access) -> Refusal | None:
        """Why the sender of a request may not call what declares `rule`, or None if they may."""
        if rule == PUBLIC:
            return None
        user = self.identify(headers)
        if rule.permission is None:
            return None if user else Refusal()
        if self.may(user, rule.permission):
            return None
        return Refusal(rule.permission if user else None)
