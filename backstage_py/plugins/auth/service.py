"""The services of signing in, for pages, the shell and other plugins of this process."""

import functools
from collections.abc import Iterable

from backstage_py.analytics import load_config, own_secret
from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.external_access import read_external_access
from backstage_py.plugins.auth.http_api import Problems
from backstage_py.plugins.auth.identity import PortalIdentity
from backstage_py.plugins.auth.pending import PendingSignIns
from backstage_py.plugins.auth.providers.registry import Providers
from backstage_py.plugins.auth.sessions import Sessions
from backstage_py.plugins.auth.settings import AuthSettings
from backstage_py.plugins.auth.sign_in import SignInService
from backstage_py.plugins.auth.tokens import ApiTokens
from backstage_py.plugins.catalog.api import CatalogService, Entity, EntityFilter, get_catalog
from backstage_py.storage import open_engine


class CatalogUsers:
    """The users of the catalog, as sign-in resolvers look them up."""

    def __init__(self, catalog: CatalogService) -> None:
        self._catalog = catalog

    def find_by_ref(self, entity_ref: str) -> Entity | None:
        """Find one by their reference."""
        return self._catalog.find_by_ref(entity_ref)

    def list_users(self) -> Iterable[Entity]:
        """List all of them."""
        return self._catalog.list_entities(EntityFilter(kind="user"), limit=None).items


@functools.cache
def get_auth_settings() -> AuthSettings:
    """The section `auth` of the configuration.

    Raises:
        ConfigurationError: If it is wrong.
    """
    return AuthSettings.from_config(load_config())


@functools.cache
def _get_database() -> AuthDatabase:
    return AuthDatabase(open_engine())


@functools.cache
def get_sessions() -> Sessions:
    """The sessions of this process."""
    session = get_auth_settings().session
    return Sessions(_get_database(), idle_time=session.idle_time, duration=session.duration)


@functools.cache
def get_api_tokens() -> ApiTokens:
    """The API tokens.

    Raises:
        ConfigurationError: If `backend.auth.externalAccess` is wrong.
    """
    return ApiTokens(_get_database(), static=read_external_access(load_config()))


@functools.cache
def get_identity() -> PortalIdentity:
    """The identity of this process."""
    return PortalIdentity(get_sessions(), get_auth_settings().guest)


@functools.cache
def get_problems() -> Problems:
    """The reasons of failed sign-ins."""
    given = get_auth_settings().session.secret
    return Problems(given.get_secret_value() if given else own_secret())


@functools.cache
def get_sign_in() -> SignInService:
    """The sign-in service of this process.

    Raises:
        ConfigurationError: If a provider is wrong.
    """
    settings = get_auth_settings()
    return SignInService(
        settings,
        Providers.build(settings),
        pending=PendingSignIns(_get_database()),
        sessions=get_sessions(),
        users=CatalogUsers(get_catalog()),
    )
