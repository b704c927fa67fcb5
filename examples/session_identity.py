"""Who the users are, by sessions in the app's own database, as reflex-local-auth keeps them.

The token of the session has to be in a cookie, which comes with every request: in a state that
derives from `reflex_local_auth.LocalAuthState`, `auth_token: str = rx.Cookie(name="auth_token")`
puts it there instead of the browser's local storage, which no request brings along.

    identity = SessionIdentity(rx.model.get_engine())   # in my_app/auth.py
    AnalyticsPlugin(identity="my_app.auth:identity")    # in rxconfig.py
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie

from sqlalchemy import Engine, column, select, table

COOKIE = "auth_token"
_USERS = table("localuser", column("id"), column("username"), column("enabled"))
_SESSIONS = table("localauthsession", column("user_id"), column("session_id"), column("expiration"))


class SessionIdentity:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The name of the user, which the library makes `user:default/NAME` of."""
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        if cookie is None or not cookie.value:
            return None
        found = (
            select(_USERS.c.username)
            .join(_SESSIONS, _SESSIONS.c.user_id == _USERS.c.id)
            .where(
                _SESSIONS.c.session_id == cookie.value,
                _SESSIONS.c.expiration > datetime.now(UTC).replace(tzinfo=None),
                _USERS.c.enabled,
            )
        )
        with self._engine.connect() as connection:
            return connection.scalar(found)
