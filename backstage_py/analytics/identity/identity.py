"""Whose a request is: the server's word, never the browser's.

Backstage's guest provider (`auth.providers.guest`), and who may read what is recorded.
Other ways to sign in implement `IdentityApi`; none of them reads a body.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from itsdangerous import BadData, URLSafeTimedSerializer

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.location import open_folder
from backstage_py.analytics.errors import ConfigurationError

GUEST = "user:default/guest"
SESSION_COOKIE = "backstage_py_session"
SESSION_SECONDS = 30 * 24 * 60 * 60
SECRET_VARIABLE = "BACKSTAGE_PY_SECRET"  # ruff: ignore[hardcoded-password-string]
SECRET_CHARACTERS = 16
"""The fewest a secret may have."""


class IdentityApi(Protocol):
    """Says who sent a request."""

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the signed-in user, or None; names of headers in any case."""
        ...


class AnonymousIdentityApi:
    """Knows nobody."""

    def identify(self, headers: Mapping[str, str]) -> str | None:  # ruff: ignore[unused-method-argument]
        """Nobody."""
        return None


class GuestIdentityApi:
    """Knows one user without a password, as Backstage's guest provider.

    With `auto` everybody is that user. Otherwise whoever has the cookie that the sign-in
    page issued; it is signed, and ends after 30 days or when `user` is configured anew.
    """

    def __init__(self, user: str = GUEST, *, auto: bool, secret: str) -> None:
        self.user = user
        self.auto = auto
        self._serializer = URLSafeTimedSerializer(secret, salt=SESSION_COOKIE)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The guest, or None without a valid cookie."""
        if self.auto or any(self._is_session(value) for value in _session_cookies(headers)):
            return self.user
        return None

    def issue_cookie(self, *, secure: bool = False) -> str:
        """The `Set-Cookie` that signs the guest in; `secure` where the portal is on HTTPS."""
        return _set_cookie(str(self._serializer.dumps(self.user)), SESSION_SECONDS, secure=secure)

    def clear_cookie(self, *, secure: bool = False) -> str:
        """The `Set-Cookie` that signs out."""
        return _set_cookie("", 0, secure=secure)

    def _is_session(self, cookie: str) -> bool:
        try:
            return self._serializer.loads(cookie, max_age=SESSION_SECONDS) == self.user
        except BadData:
            return False


def identity_from_config(config: Config, secret: Callable[[], str]) -> IdentityApi:
    """The guest, if `auth.providers.guest` is there; otherwise nobody.

    Raises:
        ConfigurationError: If a key is unknown, or no entity ref of a user.
    """
    guest = config.find_section("auth.providers.guest")
    if guest is None:
        return AnonymousIdentityApi()
    guest.reject_unknown_keys(
        "auto", "userEntityRef", "ownershipEntityRefs", "dangerouslyAllowOutsideDevelopment"
    )
    user = guest.get_optional_string("userEntityRef") or GUEST
    _require_user_ref(guest.where("userEntityRef"), user)
    auto = guest.get_optional_boolean("auto") or False
    return GuestIdentityApi(user, auto=auto, secret=secret())


def is_shared(identity: IdentityApi, user: str) -> bool:
    """Whether several people are this user at once, as everybody is who enters as the guest."""
    return isinstance(identity, GuestIdentityApi) and user == identity.user


def session_secret(folder: Path, environ: Mapping[str, str]) -> str:
    """The secret that cookies are signed with, the same for all processes of the portal.

    It is `BACKSTAGE_PY_SECRET`, or else the file `session-secret` in `folder`, made
    when it is first needed and readable by its owner alone.

    Raises:
        ConfigurationError: If it is shorter than 16 characters, or there is no place for it.
    """
    if given := environ.get(SECRET_VARIABLE, ""):
        return _require_long_enough(SECRET_VARIABLE, given)
    path = folder / "session-secret"
    try:
        if not path.exists():
            _create_secret(path)
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"cannot be made or read: {error.strerror}"
        hint = f"Set {SECRET_VARIABLE}, or make the folder writable"
        raise ConfigurationError(str(path), problem, hint) from error
    return _require_long_enough(str(path), secret)


def may_read_analytics(config: Config, user: str | None) -> bool:
    """Whether `app.analytics.read`, a list of entity refs, names the user or has a `'*'`.

    Without that list nobody may.

    Raises:
        ConfigurationError: If it is no list of texts.
    """
    readers = config.get_optional_list("app.analytics.read") or ()
    for index, reader in enumerate(readers):
        _require_reader(config.where(f"app.analytics.read[{index}]"), reader)
    return "*" in readers or (
        user is not None and user.casefold() in {reader.casefold() for reader in readers}
    )


def _session_cookies(headers: Mapping[str, str]) -> list[str]:
    texts = [value for name, value in headers.items() if name.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    return [value.strip('"') for name, _, value in pairs if name == SESSION_COOKIE]


def _set_cookie(value: str, seconds: int, *, secure: bool) -> str:
    cookie = f"{SESSION_COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}"
    return f"{cookie}; Secure" if secure else cookie


def _require_user_ref(where: str, user: str) -> None:
    kind, _, name = user.partition(":")
    if kind.lower() != "user" or not all(name.partition("/")):
        hint = "Write it in full, as user:default/guest"
        raise ConfigurationError(where, f"is {user}, no entity ref of a user", hint)


def _require_reader(where: str, reader: Any) -> None:
    if not isinstance(reader, str):
        hint = "Use entity refs, as user:default/ann, or '*' for everybody"
        raise ConfigurationError(where, "is no text", hint)


def _require_long_enough(where: str, secret: str) -> str:
    if len(secret) < SECRET_CHARACTERS:
        hint = 'Make one, as python -c "import secrets; print(secrets.token_urlsafe(32))"'
        problem = f"has fewer than {SECRET_CHARACTERS} characters"
        raise ConfigurationError(where, problem, hint)
    return secret


def _create_secret(path: Path) -> None:
    """Write it beside its place, then link it there: the first process wins, whole."""
    open_folder(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".session-secret-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
