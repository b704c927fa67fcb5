"""Identifies the sender of a request by its API token or its session cookie."""

import logging
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import current_credentials
from backstage_py.plugins.auth.cookies import SESSION, find_cookie
from backstage_py.plugins.auth.sessions import AuthSession, Sessions
from backstage_py.plugins.auth.settings import GuestSettings

_logger = logging.getLogger(__name__)


class PortalIdentity:
    """The portal's `IdentityApi`.

    Args:
        sessions: The sessions of the portal.
        guest: The guest provider, if any; with `auto`, everybody else is the guest.
    """

    def __init__(self, sessions: Sessions, guest: GuestSettings | None = None) -> None:
        self._sessions = sessions
        self._guest = guest

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the user, `external:NAME` of a service, or None."""
        credentials = current_credentials()
        if credentials is not None:
            return credentials.subject
        session = self.find_session(headers)
        if session is not None:
            return session.user
        return self._guest.user_entity_ref.lower() if self._guest and self._guest.auto else None

    def is_shared(self, user: str) -> bool:
        """Whether the user is the guest."""
        return self._guest is not None and user == self._guest.user_entity_ref.lower()

    def find_session(self, headers: Mapping[str, str]) -> AuthSession | None:
        """The session of a request; also None if the database does not answer."""
        secret = find_cookie(headers, SESSION)
        if not secret:
            return None
        try:
            return self._sessions.find(secret)
        except SQLAlchemyError as error:
            _logger.warning("Sessions cannot be read, nobody is signed in: %s", error)
            return None
