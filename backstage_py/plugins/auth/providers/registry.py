"""Builds the providers of the configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from backstage_py.plugins.auth.providers.code_hosts import GithubProvider, GitlabProvider
from backstage_py.plugins.auth.providers.openid import (
    google_provider,
    microsoft_provider,
    oidc_provider,
    okta_provider,
)
from backstage_py.plugins.auth.providers.provider import About, ProxyProvider, RedirectProvider
from backstage_py.plugins.auth.providers.proxies import (
    AwsAlbProvider,
    CfAccessProvider,
    GcpIapProvider,
    Oauth2ProxyProvider,
)
from backstage_py.plugins.auth.resolvers import build_resolver
from backstage_py.plugins.auth.settings import (
    AuthSettings,
    AwsAlbSettings,
    CfAccessSettings,
    GcpIapSettings,
    GithubSettings,
    GitlabSettings,
    GoogleSettings,
    MicrosoftSettings,
    Oauth2ProxySettings,
    OidcSettings,
    OktaSettings,
    ProviderSettings,
)

TITLES: Mapping[str, str] = {
    "guest": "Guest",
    "oidc": "OpenID Connect",
    "github": "GitHub",
    "gitlab": "GitLab",
    "google": "Google",
    "microsoft": "Microsoft",
    "okta": "Okta",
    "oauth2Proxy": "OAuth2 Proxy",
    "awsalb": "AWS",
    "cfaccess": "Cloudflare Access",
    "gcpIap": "Google Cloud IAP",
}
PROXY_DURATION = timedelta(hours=1)
"""How long a proxy's session lasts; then the proxy is asked again in the background."""


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers of the configuration by their ids."""

    redirects: Mapping[str, RedirectProvider] = field(default_factory=dict[str, RedirectProvider])
    proxies: Mapping[str, ProxyProvider] = field(default_factory=dict[str, ProxyProvider])

    @classmethod
    def build(cls, settings: AuthSettings) -> "Providers":
        """Build all providers except the guest, which needs none.

        Raises:
            ConfigurationError: If a resolver is unknown, or a provider unsafe.
        """
        built = {
            id_: (one, _about(id_, one))
            for id_, one in settings.providers.items()
            if isinstance(one, ProviderSettings)
        }
        return cls(
            {
                id_: _REDIRECTS[type(one)](about, one)
                for id_, (one, about) in built.items()
                if type(one) in _REDIRECTS
            },
            {
                id_: _PROXIES[type(one)](about, one)
                for id_, (one, about) in built.items()
                if type(one) in _PROXIES
            },
        )


_REDIRECTS: Mapping[type, Callable[[About, Any], RedirectProvider]] = {
    OidcSettings: oidc_provider,
    GoogleSettings: google_provider,
    MicrosoftSettings: microsoft_provider,
    OktaSettings: okta_provider,
    GithubSettings: GithubProvider,
    GitlabSettings: GitlabProvider,
}
_PROXIES: Mapping[type, Callable[[About, Any], ProxyProvider]] = {
    Oauth2ProxySettings: lambda about, _: Oauth2ProxyProvider(about),
    AwsAlbSettings: AwsAlbProvider,
    CfAccessSettings: CfAccessProvider,
    GcpIapSettings: GcpIapProvider,
}


def _about(id_: str, settings: ProviderSettings) -> About:
    resolvers = tuple(
        build_resolver(id_, one, f"auth.providers.{id_}.signIn.resolvers[{index}].resolver")
        for index, one in enumerate(settings.sign_in.resolvers)
    )
    return About(id_, TITLES[id_], resolvers, settings.session_duration)
