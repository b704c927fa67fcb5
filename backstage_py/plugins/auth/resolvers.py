"""Sign-in resolvers: map a provider's person to a user of the catalog.

Source of the names and of what they do: `commonSignInResolvers` of `@backstage/plugin-auth-node`
and the resolvers of its provider modules.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from backstage_py.analytics import ConfigurationError, closest
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.settings import ResolverSettings

_PLUS = re.compile(r"\+[^@]*(?=@)")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_EMAIL_ANNOTATIONS = {
    "google": "google.com/email",
    "gcpIap": "google.com/email",
    "microsoft": "microsoft.com/email",
    "okta": "okta.com/email",
}
"""The annotations by provider id; a provider without its own accepts any of them."""
_ID_ANNOTATIONS = {
    "microsoft": "graph.microsoft.com/user-id",
    "gcpIap": "google.com/user-id",
    "github": "github.com/user-id",
    "gitlab": "gitlab.com/user-id",
}
ANYBODY = "dangerouslyAllowSignInWithoutUserInCatalog"


class User(Protocol):
    """A user of the catalog."""

    @property
    def entity_ref(self) -> str:
        """The canonical reference."""
        ...

    @property
    def name(self) -> str:
        """The name."""
        ...

    @property
    def annotations(self) -> Mapping[str, Any]:
        """The annotations."""
        ...

    @property
    def profile(self) -> Mapping[str, Any]:
        """`spec.profile`."""
        ...


class Users(Protocol):
    """The users of the catalog."""

    def find_by_ref(self, entity_ref: str) -> User | None:
        """Find one by their reference."""
        ...

    def list_users(self) -> Iterable[User]:
        """List all of them."""
        ...


Resolver = Callable[[Profile, Users], str | None]
"""Returns the entity ref of the user, or None to let the next resolver try.

Raises:
    SignInError: If the person must not sign in, whatever other resolvers say.
"""


def build_resolver(provider: str, settings: ResolverSettings, where: str) -> Resolver:
    """The resolver with a name, or the owner's Python function.

    Args:
        provider: The provider's id, which determines annotations.
        settings: Its entry in `signIn.resolvers`.
        where: The key of the entry, for errors.

    Raises:
        ConfigurationError: If there is no such resolver.
    """
    name = settings.resolver
    if ":" in name:
        return _load(name, where)
    build = _RESOLVERS.get(name)
    if build is None or (provider not in _ID_ANNOTATIONS and build is _by_id_annotation):
        hint = f"{closest(name, sorted(_RESOLVERS))} Or name a function, as package.module:function"
        raise ConfigurationError(where, f"is {name!r}, which {provider} does not have", hint)
    return build(provider, settings)


def resolve(profile: Profile, resolvers: Sequence[Resolver], users: Users) -> str:
    """The entity ref of the user from the first resolver that finds one.

    Raises:
        SignInError: If no resolver finds one, several users match, or one forbids it.
    """
    lacks_email = False
    for resolver in resolvers:
        try:
            found = resolver(profile, users)
        except SignInError as error:
            if error.reason is not Reason.NO_EMAIL:
                raise
            lacks_email = True
            continue
        if found:
            return found.lower()
    raise SignInError(Reason.NO_EMAIL if lacks_email else Reason.NO_USER, profile.shown)


def _by_profile_email(_provider: str, settings: ResolverSettings) -> Resolver:
    def find(profile: Profile, users: Users) -> str | None:
        email = _require_email(profile, settings)
        for one in dict.fromkeys((email, _PLUS.sub("", email))):
            if ref := _only(
                users, profile, lambda user, one=one: _fits(user.profile.get("email"), one)
            ):
                return ref
        return _fallback(settings, _PLUS.sub("", email).partition("@")[0])

    return find


def _by_email_local_part(_provider: str, settings: ResolverSettings) -> Resolver:
    def find(profile: Profile, users: Users) -> str | None:
        name = _require_email(profile, settings).partition("@")[0]
        return _named(users, name) or _fallback(settings, name)

    return find


def _by_username(_provider: str, settings: ResolverSettings) -> Resolver:
    def find(profile: Profile, users: Users) -> str | None:
        return _named(users, profile.username) or _fallback(settings, profile.username)

    return find


def _by_email_annotation(provider: str, settings: ResolverSettings) -> Resolver:
    own = _EMAIL_ANNOTATIONS.get(provider)
    names = [own] if own else sorted(set(_EMAIL_ANNOTATIONS.values()))

    def find(profile: Profile, users: Users) -> str | None:
        email = _require_email(profile, settings)

        def fits(user: User) -> bool:
            return any(_fits(user.annotations.get(name), email) for name in names)

        ref = _only(users, profile, fits)
        return ref or _fallback(settings, email.partition("@")[0])

    return find


def _by_id_annotation(provider: str, settings: ResolverSettings) -> Resolver:
    annotation = _ID_ANNOTATIONS[provider]

    def find(profile: Profile, users: Users) -> str | None:
        key = str(profile.claims.get("oid") or profile.subject)
        ref = _only(users, profile, lambda user: user.annotations.get(annotation) == key)
        return ref or _fallback(settings, profile.username)

    return find


def _anybody(_provider: str, _settings: ResolverSettings) -> Resolver:
    def find(profile: Profile, users: Users) -> str | None:
        name = profile.username or profile.email.partition("@")[0] or profile.subject
        return _named(users, name) or _ref_of(name)

    return find


_RESOLVERS: Mapping[str, Callable[[str, ResolverSettings], Resolver]] = {
    "emailMatchingUserEntityProfileEmail": _by_profile_email,
    "emailLocalPartMatchingUserEntityName": _by_email_local_part,
    "usernameMatchingUserEntityName": _by_username,
    "preferredUsernameMatchingUserEntityName": _by_username,
    "forwardedUserMatchingUserEntityName": _by_username,
    "emailMatchingUserEntityAnnotation": _by_email_annotation,
    "userIdMatchingUserEntityAnnotation": _by_id_annotation,
    "idMatchingUserEntityAnnotation": _by_id_annotation,
    ANYBODY: _anybody,
}


def _require_email(profile: Profile, settings: ResolverSettings) -> str:
    if not profile.email:
        raise SignInError(Reason.NO_EMAIL, profile.shown)
    domain = profile.email.rpartition("@")[2].casefold()
    allowed = {one.casefold() for one in settings.allowed_domains}
    if allowed and domain not in allowed:
        raise SignInError(Reason.DOMAIN, domain)
    return profile.email


def _only(users: Users, profile: Profile, fits: Callable[[User], bool]) -> str | None:
    found = [user.entity_ref for user in users.list_users() if fits(user)]
    if len(found) > 1:
        raise SignInError(Reason.SEVERAL_USERS, profile.shown, cause=", ".join(found))
    return found[0] if found else None


def _named(users: Users, name: str) -> str | None:
    user = users.find_by_ref(_ref_of(name) or "")
    return user.entity_ref if user else None


def _fallback(settings: ResolverSettings, name: str) -> str | None:
    return _ref_of(name) if settings.dangerously_allow_sign_in_without_user_in_catalog else None


def _ref_of(name: str) -> str | None:
    return f"user:default/{name.lower()}" if _NAME.fullmatch(name) else None


def _fits(value: object, wanted: str) -> bool:
    return isinstance(value, str) and value.strip().casefold() == wanted.casefold()


def _load(name: str, where: str) -> Resolver:
    module, _, function = name.partition(":")
    try:
        found: Resolver | None = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        hint = "Name a function that can be imported, as package.module:function"
        raise ConfigurationError(
            where, f"is {name!r}, which cannot be loaded: {error}", hint
        ) from error
    if callable(found):
        return found
    hint = "Name a function of (profile, users) that gives an entity ref or None"
    raise ConfigurationError(where, f"is {name!r}, which is not a function", hint)
