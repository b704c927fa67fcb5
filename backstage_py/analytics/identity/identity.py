"""Who sent a request: decided by the server, never by what the browser claims.

An app names its `IdentityApi` by `use_identity`; the portal's is that of its sign-in. Without
one, `auth.providers.guest: {auto: true}` makes everybody the guest and else all are anonymous.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.location import open_folder
from backstage_py.analytics.errors import ConfigurationError

GUEST = "user:default/guest"
SECRET_VARIABLE = "BACKSTAGE_PY_SECRET"  # ruff: ignore[hardcoded-password-string]
ACCEPTED_VARIABLE = "BACKSTAGE_PY_ACCEPTED_SECRETS"
SECRET_CHARACTERS = 16
"""The minimum length of a secret."""


class IdentityApi(Protocol):
    """Says who sent a request."""

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The entity ref of the signed-in user, or None; header names in any case."""
        ...


@runtime_checkable
class SharedUsers(Protocol):
    """An identity under which several people can be the same user, as everybody is the guest."""

    def is_shared(self, user: str) -> bool:
        """Whether several people share this user."""
        ...


class AnonymousIdentityApi:
    """Everybody is anonymous."""

    def identify(self, headers: Mapping[str, str]) -> str | None:  # ruff: ignore[unused-method-argument]
        """Return None."""
        return None


class GuestIdentityApi:
    """Everybody is one user, without a password: Backstage's guest with `auto`."""

    def __init__(self, user: str = GUEST) -> None:
        self.user = user.lower()

    def identify(self, headers: Mapping[str, str]) -> str | None:  # ruff: ignore[unused-method-argument]
        """Return the guest's entity ref."""
        return self.user

    def is_shared(self, user: str) -> bool:
        """Whether the user is the guest."""
        return user == self.user


class CurrentIdentityApi:
    """Delegates to the app's current identity, for code built before the app sets it."""

    def __init__(self, default: IdentityApi) -> None:
        self._default = default

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The user according to the app's identity, in lower case, as in Backstage's refs."""
        user = self._current.identify(headers)
        return None if user is None else user.lower()

    def is_shared(self, user: str) -> bool:
        """Whether several people share the user, by the app's identity."""
        current = self._current
        return isinstance(current, SharedUsers) and current.is_shared(user.lower())

    @property
    def knows_people(self) -> bool:
        """Whether the app's identity can identify users."""
        return not isinstance(self._current, AnonymousIdentityApi)

    @property
    def _current(self) -> IdentityApi:
        return _chosen[-1] if _chosen else self._default


_chosen: list[IdentityApi] = []


def use_identity(identity: IdentityApi) -> None:
    """Set the `IdentityApi` of this process; the last call counts."""
    _chosen[:] = [identity]


def identity_from_config(config: Config) -> IdentityApi:
    """The guest if `auth.providers.guest.auto`, otherwise nobody; `use_identity` overrides it.

    Raises:
        ConfigurationError: If a key is unknown, or not an entity ref of a user.
    """
    guest = config.find_section("auth.providers.guest")
    if guest is None:
        return CurrentIdentityApi(AnonymousIdentityApi())
    environment = config.get_optional_string("auth.environment") or "development"
    guest = guest.find_section(environment) or guest
    guest.reject_unknown_keys(
        "auto", "userEntityRef", "ownershipEntityRefs", "dangerouslyAllowOutsideDevelopment"
    )
    user = guest.get_optional_string("userEntityRef") or GUEST
    _require_user_ref(guest.where("userEntityRef"), user)
    auto = guest.get_optional_boolean("auto") or False
    return CurrentIdentityApi(GuestIdentityApi(user) if auto else AnonymousIdentityApi())


def knows_people(identity: IdentityApi) -> bool:
    """Whether this identity can identify users; otherwise everybody is anonymous."""
    if isinstance(identity, CurrentIdentityApi):
        return identity.knows_people
    return not isinstance(identity, AnonymousIdentityApi)


def is_shared(identity: IdentityApi, user: str) -> bool:
    """Whether several people share this user, as all guests do."""
    return isinstance(identity, SharedUsers) and identity.is_shared(user)


def session_secret(folder: Path, environ: Mapping[str, str]) -> str:
    """The secret that cookies are signed with, the same for all processes of the portal.

    It is `BACKSTAGE_PY_SECRET`, or else the file `session-secret` in `folder`, made
    when it is first needed and readable by its owner alone.

    Raises:
        ConfigurationError: If it is shorter than 16 characters, or it cannot be stored.
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


def accepted_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Further secrets that count, beside the one that signs, while it is changed.

    Raises:
        ConfigurationError: If one of them is shorter than 16 characters.
    """
    given = (text.strip() for text in environ.get(ACCEPTED_VARIABLE, "").split(","))
    return tuple(_require_long_enough(ACCEPTED_VARIABLE, text) for text in given if text)


def _require_user_ref(where: str, user: str) -> None:
    kind, _, name = user.partition(":")
    if kind.lower() != "user" or not all(name.partition("/")):
        hint = "Write it in full, as user:default/guest"
        raise ConfigurationError(where, f"is {user}, not an entity ref of a user", hint)


def _require_long_enough(where: str, secret: str) -> str:
    if len(secret) < SECRET_CHARACTERS:
        hint = 'Make one, as python -c "import secrets; print(secrets.token_urlsafe(32))"'
        problem = f"has fewer than {SECRET_CHARACTERS} characters"
        raise ConfigurationError(where, problem, hint)
    return secret


def _create_secret(path: Path) -> None:
    """Write it to a temporary file, then link it into place: the first process wins."""
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
