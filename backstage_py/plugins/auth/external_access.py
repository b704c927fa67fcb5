"""`backend.auth.externalAccess`: tokens of services that the configuration names.

https://backstage.io/docs/auth/service-to-service-auth#static-tokens
"""

from typing import Literal

from pydantic import Field, SecretStr

from backstage_py.analytics import (
    Config,
    ConfigurationError,
    Credentials,
    OneOrMore,
    RequiredText,
    SettingsModel,
)
from backstage_py.plugins.auth.database import hash_secret
from backstage_py.plugins.auth.tokens import SERVICE, StaticToken

_KEY = "backend.auth.externalAccess"
MIN_CHARACTERS = 8
"""The minimum length of a token, as in Backstage."""


class StaticOptions(SettingsModel):
    """`options` of an entry."""

    token: SecretStr = Field(description="a token of 8 characters or more, without spaces")
    subject: RequiredText = Field(description="a name of the service, without spaces")


class Restriction(SettingsModel):
    """One of `accessRestrictions`."""

    plugin: RequiredText = Field(description="the id of a plugin")
    permission: OneOrMore[RequiredText] = Field((), description="names of permissions")


class ExternalAccess(SettingsModel):
    """One entry."""

    type: Literal["static"] = Field(description="static, the only type that is supported")
    options: StaticOptions = Field(description="{token, subject}")
    access_restrictions: tuple[Restriction, ...] | None = Field(
        None, min_length=1, description="a list of {plugin, permission}"
    )


def read_external_access(config: Config) -> list[StaticToken]:
    """The configured tokens, by their hashes.

    Raises:
        ConfigurationError: If an entry is wrong.
    """
    entries = config.get_optional_list(_KEY) or ()
    return [_read(config, index, entry) for index, entry in enumerate(entries)]


def _read(config: Config, index: int, entry: object) -> StaticToken:
    where = config.where(f"{_KEY}[{index}]")
    if not isinstance(entry, dict):
        raise ConfigurationError(where, "is not an object", "Use {type: static, options: {...}}")
    settings = ExternalAccess.from_config(Config(entry, _prefix=f"{_KEY}[{index}]"))
    token, subject = settings.options.token.get_secret_value(), settings.options.subject
    if len(token) < MIN_CHARACTERS or " " in token:
        hint = f"Use {MIN_CHARACTERS} characters or more, without spaces"
        raise ConfigurationError(f"{where}.options.token", "is too short or has spaces", hint)
    if " " in subject:
        raise ConfigurationError(f"{where}.options.subject", f"is {subject!r}", "Use no spaces")
    name = subject.removeprefix(SERVICE)
    return StaticToken(
        hash_secret(token),
        Credentials(f"{SERVICE}{name}", _scopes(settings.access_restrictions)),
    )


def _scopes(restrictions: tuple[Restriction, ...] | None) -> frozenset[str]:
    """The scopes: without restrictions all, as in Backstage; a plugin means all of its own."""
    if restrictions is None:
        return frozenset({"*"})
    return frozenset(
        scope for one in restrictions for scope in (one.permission or (f"{one.plugin}.*",))
    )
