"""The section `auth` of the configuration, with Backstage's keys.

Source of the keys: `config.d.ts` of `@backstage/plugin-auth-backend` and of its provider modules.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr

from backstage_py.analytics import (
    Config,
    ConfigurationError,
    HttpAddress,
    OneOrMore,
    RequiredText,
    SettingsModel,
)

DEFAULT_ENVIRONMENT = "development"
IDLE_TIME = timedelta(days=1)
DURATION = timedelta(days=7)
"""The default idle time and maximum duration of a session."""
_UNITS = {
    "weeks": ("w", "week", "weeks"),
    "days": ("d", "day", "days"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "milliseconds": ("ms", "millisecond", "milliseconds"),
}
_WORDS = {word: unit for unit, words in _UNITS.items() for word in words}
_MS = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def _parse_duration(value: object) -> timedelta:
    span = _read_duration(value)
    if span is None or span <= timedelta(0):
        raise ValueError("Use a duration, as {hours: 24}, '24h' or 'PT24H'")
    return span


def _read_duration(value: object) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, Mapping):
        is_known = all(unit in _UNITS and _is_number(count) for unit, count in value.items())
        return timedelta(**value) if value and is_known else None
    if not isinstance(value, str):
        return None
    if (found := _MS.fullmatch(value.strip())) and found[2].lower() in _WORDS:
        return timedelta(**{_WORDS[found[2].lower()]: float(found[1])})
    if found := _ISO.fullmatch(value.strip()):
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


Duration = Annotated[timedelta, BeforeValidator(_parse_duration)]
"""A span of time: `{hours: 24}`, `24h` or `PT24H`, as Backstage's `HumanDuration | string`."""
Scopes = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: value.split() if isinstance(value, str) else value),
]
"""A list of scopes, or one string separated by spaces."""


class ResolverSettings(SettingsModel):
    """One of `signIn.resolvers`."""

    resolver: RequiredText = Field(description="the name of a resolver, or package.module:function")
    allowed_domains: tuple[RequiredText, ...] = Field((), description="a list of domains of e-mail")
    dangerously_allow_sign_in_without_user_in_catalog: bool = Field(
        False, description="true to let in people who are not in the catalog, or false"
    )


class SignInSettings(SettingsModel):
    """How a person of the provider becomes a user of the catalog."""

    resolvers: tuple[ResolverSettings, ...] = Field(
        min_length=1, description="a list of resolvers, as [{resolver: NAME}]"
    )


class ProviderSettings(SettingsModel):
    """The settings of every provider."""

    sign_in: SignInSettings = Field(description="{resolvers: [{resolver: NAME}]}")
    session_duration: Duration | None = Field(
        None, description="a duration, as {hours: 24}, '24h' or 'PT24H'"
    )


class OAuthSettings(ProviderSettings):
    """The settings of every provider that people are redirected to."""

    client_id: RequiredText = Field(description="the id that the provider gave the portal")
    client_secret: SecretStr = Field(description="the secret that the provider gave the portal")
    callback_url: HttpAddress | None = Field(None, description="an address as https://host/path")
    additional_scopes: Scopes = Field((), description="a list of scopes")


class OidcSettings(OAuthSettings):
    """`auth.providers.oidc`."""

    metadata_url: HttpAddress = Field(
        description="the address of the provider's .well-known/openid-configuration"
    )
    token_endpoint_auth_method: Literal["client_secret_basic", "client_secret_post", "none"] = (
        Field("client_secret_basic", description="client_secret_basic, client_secret_post or none")
    )
    token_signed_response_alg: (
        Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
        | None
    ) = Field(None, description="an asymmetric algorithm, as RS256 or ES256")
    scope: Scopes = Field((), description="scopes, as 'openid profile email'")
    prompt: RequiredText | None = Field(
        None, description="auto, none, login, consent or select_account"
    )
    start_url_search_params: dict[str, str] = Field(
        default_factory=dict, description="an object of texts"
    )


class GoogleSettings(OAuthSettings):
    """`auth.providers.google`."""


class MicrosoftSettings(OAuthSettings):
    """`auth.providers.microsoft`."""

    tenant_id: RequiredText = Field(description="the id of your Entra tenant")
    domain_hint: RequiredText | None = Field(None, description="the domain of your tenant")
    skip_user_profile: bool = Field(False, description="true or false")


class OktaSettings(OAuthSettings):
    """`auth.providers.okta`."""

    audience: HttpAddress = Field(
        description="the address of your Okta, as https://company.okta.com"
    )
    auth_server_id: RequiredText | None = Field(
        None, description="the id of the authorization server"
    )
    idp: RequiredText | None = Field(None, description="the id of an identity provider in Okta")


class GithubSettings(OAuthSettings):
    """`auth.providers.github`."""

    enterprise_instance_url: HttpAddress | None = Field(
        None, description="the address of your GitHub Enterprise, as https://ghe.company.com"
    )


class GitlabSettings(OAuthSettings):
    """`auth.providers.gitlab`."""

    audience: HttpAddress = Field(
        "https://gitlab.com", description="the address of your GitLab, as https://gitlab.com"
    )


class Oauth2ProxySettings(ProviderSettings):
    """`auth.providers.oauth2Proxy`."""


class AwsAlbSettings(ProviderSettings):
    """`auth.providers.awsalb`."""

    issuer: RequiredText = Field(description="the address of the identity provider behind the ALB")
    signer: RequiredText = Field(description="the ARN of the load balancer")
    region: RequiredText = Field(description="the region of the load balancer, as us-east-2")
    jwks_url: HttpAddress | None = Field(None, description="the address of the keys, if private")


class ServiceTokenSettings(SettingsModel):
    """One of `serviceTokens` of Cloudflare Access."""

    token: RequiredText = Field(description="the client id of the token, as 1uh2f.access")
    subject: RequiredText = Field(description="an e-mail address that stands for it")


class CfAccessSettings(ProviderSettings):
    """`auth.providers.cfaccess`."""

    team_name: RequiredText = Field(description="the name of your Cloudflare team")
    audience: OneOrMore[RequiredText] = Field(description="the AUD tag of the Access application")
    service_tokens: tuple[ServiceTokenSettings, ...] = Field(
        (), description="a list of {token, subject}"
    )
    jwt_header_name: RequiredText = Field("cf-access-jwt-assertion", description="a header's name")
    authorization_cookie_name: RequiredText = Field(
        "CF_Authorization", description="a cookie's name"
    )
    custom_header: RequiredText | None = Field(None, description="a header's name")
    custom_cookie_auth_name: RequiredText | None = Field(None, description="a cookie's name")
    jwks_url: HttpAddress | None = Field(None, description="the address of the keys, if private")


class GcpIapSettings(ProviderSettings):
    """`auth.providers.gcpIap`."""

    audience: RequiredText = Field(
        description="the audience, as /projects/NUMBER/global/backendServices/ID"
    )
    jwt_header: RequiredText = Field("x-goog-iap-jwt-assertion", description="a header's name")
    jwks_url: HttpAddress | None = Field(None, description="the address of the keys, if private")


class GuestSettings(SettingsModel):
    """`auth.providers.guest`."""

    auto: bool = Field(False, description="true to let guests in without a click, or false")
    user_entity_ref: Annotated[str, Field(pattern=r"(?i)^user:[^/]+/[^/]+$")] = Field(
        "user:default/guest", description="a user in full, as user:default/guest"
    )
    ownership_entity_refs: tuple[RequiredText, ...] = Field((), description="a list of entity refs")
    dangerously_allow_outside_development: bool = Field(False, description="true or false")


PROVIDERS: Mapping[str, type[SettingsModel]] = {
    "guest": GuestSettings,
    "oidc": OidcSettings,
    "github": GithubSettings,
    "gitlab": GitlabSettings,
    "google": GoogleSettings,
    "microsoft": MicrosoftSettings,
    "okta": OktaSettings,
    "oauth2Proxy": Oauth2ProxySettings,
    "awsalb": AwsAlbSettings,
    "cfaccess": CfAccessSettings,
    "gcpIap": GcpIapSettings,
}
"""The settings of each provider by its id."""
_MAY_LACK_ENVIRONMENT = frozenset({"guest", "oauth2Proxy", "awsalb", "cfaccess", "gcpIap"})


class SessionSettings(SettingsModel):
    """`auth.session`; the secret is Backstage's key, the two times are ours."""

    secret: SecretStr | None = Field(None, description="a text of 16 characters or more")
    idle_time: Duration = Field(IDLE_TIME, description="a duration, as {hours: 24} or '24h'")
    duration: Duration = Field(DURATION, description="a duration, as {days: 7} or '7d'")


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """The section `auth`, for the environment that the portal runs in."""

    environment: str = DEFAULT_ENVIRONMENT
    providers: Mapping[str, SettingsModel] = field(default_factory=dict[str, SettingsModel])
    session: SessionSettings = field(default_factory=lambda: SessionSettings.model_validate({}))

    @property
    def guest(self) -> GuestSettings | None:
        """The guest provider, if there is one."""
        found = self.providers.get("guest")
        return found if isinstance(found, GuestSettings) else None

    @classmethod
    def from_config(cls, config: Config) -> "AuthSettings":
        """Read `auth`; a provider without a section for the environment is left out.

        Raises:
            ConfigurationError: If a provider or a key is unknown, or a value is wrong.
        """
        section = config.section("auth")
        section.reject_unknown_keys("environment", "providers", "session")
        environment = section.get_optional_string("environment") or DEFAULT_ENVIRONMENT
        providers = section.section("providers")
        providers.reject_unknown_keys(*PROVIDERS)
        found = {
            id_: schema.from_config(own)
            for id_, schema in PROVIDERS.items()
            if (own := _find_provider(providers, id_, environment)) is not None
        }
        session = SessionSettings.from_config(section.section("session"))
        return cls(environment, found, session)


def _find_provider(providers: Config, id_: str, environment: str) -> Config | None:
    """The section of a provider in this environment; guests and proxies may have just one."""
    section = providers.find_section(id_)
    if section is None:
        return None
    values: Mapping[str, Any] = section.as_dict()
    if isinstance(values.get(environment), Mapping):
        return section.section(environment)
    if id_ in _MAY_LACK_ENVIRONMENT:
        return section
    for key, value in values.items():
        if not isinstance(value, Mapping):
            hint = f"Put it below the environment, as auth.providers.{id_}.{environment}.{key}"
            raise ConfigurationError(section.where(key), "is not below an environment", hint)
    return None
