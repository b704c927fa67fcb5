"""OpenID Connect: any provider with metadata, and Google, Microsoft and Okta as such.

https://openid.net/specs/openid-connect-core-1_0.html
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import httpx2
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from backstage_py.analytics import ConfigurationError
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import profile_from_claims
from backstage_py.plugins.auth.provider_tokens import (
    KEPT_SECONDS,
    LEEWAY_SECONDS,
    RemoteKeys,
    Verified,
    fetch_json,
    verify_token,
)
from backstage_py.plugins.auth.providers.oauth import OAuthFlow
from backstage_py.plugins.auth.providers.provider import About, Arrival, Beginning
from backstage_py.plugins.auth.settings import (
    GoogleSettings,
    MicrosoftSettings,
    OAuthSettings,
    OidcSettings,
    OktaSettings,
)

SCOPES = ("openid", "profile", "email")
_ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})


@dataclass(frozen=True, slots=True)
class OpenIdOptions:
    """The differences between providers.

    Args:
        metadata_url: The address of the provider's metadata.
        scopes: The requested scopes.
        auth_method: How the client authenticates at the token endpoint.
        algorithm: The algorithm that must sign id tokens; None for any asymmetric one.
        params: More parameters of the authorization address.
    """

    metadata_url: str
    scopes: Sequence[str] = SCOPES
    auth_method: str = "client_secret_post"
    algorithm: str | None = None
    params: Mapping[str, str] = field(default_factory=dict[str, str])


class OpenIdProvider:
    """A provider of OpenID Connect; its metadata is fetched at the first sign-in."""

    def __init__(
        self,
        about: About,
        settings: OAuthSettings,
        options: OpenIdOptions,
        *,
        transport: httpx.BaseTransport | None = None,
        token_transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self._client_id = settings.client_id
        self.callback_url = settings.callback_url
        self._options = options
        self._transport = transport
        self._flow = OAuthFlow(
            settings,
            options.scopes,
            auth_method=options.auth_method,
            transport=token_transport,
        )
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] | None = None
        self._keys: RemoteKeys | None = None
        self._fetched = float("-inf")

    def authorize_url(self, beginning: Beginning) -> str:
        """The address to send the browser to."""
        endpoint = self._describe()["authorization_endpoint"]
        return self._flow.authorize_url(
            endpoint, beginning, nonce=beginning.nonce, **self._options.params
        )

    def finish(self, answer: Mapping[str, str], beginning: Beginning) -> Arrival:
        """Exchange the code, and verify the id token; the email may come from userinfo."""
        metadata = self._describe()
        _require_issuer(answer, metadata)
        token = self._flow.exchange(metadata["token_endpoint"], answer, beginning)
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise SignInError(Reason.INVALID, cause="the answer has no id token")
        access_token = token["access_token"]
        claims = dict(self._verify(id_token, access_token, beginning).claims)
        if "email" not in claims and isinstance(metadata.get("userinfo_endpoint"), str):
            claims |= self._ask_userinfo(metadata["userinfo_endpoint"], access_token, claims)
        return Arrival(profile_from_claims(self.about.id, claims), id_token)

    def sign_out_url(self, id_token: str, back: str) -> str | None:
        """The provider's `end_session_endpoint`, if it has one and answers."""
        try:
            endpoint = self._describe().get("end_session_endpoint")
        except SignInError:
            return None
        if not isinstance(endpoint, str) or not _is_web(endpoint):
            return None
        params = {"client_id": self._client_id, "post_logout_redirect_uri": back}
        if id_token:
            params["id_token_hint"] = id_token
        separator = "&" if urlsplit(endpoint).query else "?"
        return f"{endpoint}{separator}{urlencode(params)}"

    def _verify(self, id_token: str, access_token: str, beginning: Beginning) -> Verified:
        metadata, keys = self._describe(), self._keys
        assert keys is not None
        algorithm = self._options.algorithm
        verified = verify_token(
            id_token,
            keys,
            issuer=metadata["issuer"],
            audience=[self._client_id],
            **({"algorithms": [algorithm]} if algorithm else {}),
        )
        params = {
            "nonce": beginning.nonce,
            "client_id": self._client_id,
            "access_token": access_token,
        }
        claims = CodeIDToken(dict(verified.claims), dict(verified.header), params=params)
        try:
            claims.validate(leeway=LEEWAY_SECONDS)
        except JoseError as error:
            raise SignInError(Reason.INVALID, cause=f"the id token: {error!r}") from error
        return verified

    def _ask_userinfo(
        self, endpoint: str, access_token: str, claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Claims missing from the id token; they count only if they are about the same person."""
        found = self._flow.get_json(endpoint, access_token)
        if not isinstance(found, dict) or found.get("sub") != claims.get("sub"):
            raise SignInError(Reason.INVALID, cause="userinfo is about somebody else")
        return {name: value for name, value in found.items() if name not in claims}

    def _describe(self) -> Mapping[str, Any]:
        with self._lock:
            if self._metadata is None or time.monotonic() - self._fetched > KEPT_SECONDS:
                self._metadata = self._read_metadata()
                self._fetched = time.monotonic()
            return self._metadata

    def _read_metadata(self) -> Mapping[str, Any]:
        url = self._options.metadata_url
        found = fetch_json(url, self._transport)
        for name in _ENDPOINTS:
            if not isinstance(found.get(name), str) or not _is_web(found[name]):
                raise SignInError(Reason.UNREACHABLE, cause=f"{url}: has no {name}")
        if self._keys is None or self._keys.url != found["jwks_uri"]:
            self._keys = RemoteKeys(found["jwks_uri"], transport=self._transport)
        return found


def oidc_provider(about: About, settings: OidcSettings) -> OpenIdProvider:
    """Any provider; `prompt: auto` is Backstage's term for no prompt."""
    prompt = None if settings.prompt == "auto" else settings.prompt
    options = OpenIdOptions(
        settings.metadata_url,
        scopes=tuple(dict.fromkeys(("openid", *(settings.scope or SCOPES)))),
        auth_method=settings.token_endpoint_auth_method,
        algorithm=settings.token_signed_response_alg,
        params={**settings.start_url_search_params, **({"prompt": prompt} if prompt else {})},
    )
    return OpenIdProvider(about, settings, options)


def google_provider(about: About, settings: GoogleSettings) -> OpenIdProvider:
    """Google."""
    url = "https://accounts.google.com/.well-known/openid-configuration"
    return OpenIdProvider(about, settings, OpenIdOptions(url))


def microsoft_provider(about: About, settings: MicrosoftSettings) -> OpenIdProvider:
    """Microsoft Entra ID, of one tenant.

    Raises:
        ConfigurationError: If `tenantId` means all tenants, since anybody could claim any address.
    """
    if settings.tenant_id in _SHARED_TENANTS:
        hint = "Use the id of your own tenant: in others, people can claim any e-mail address"
        raise ConfigurationError(
            "auth.providers.microsoft.tenantId", f"is {settings.tenant_id!r}", hint
        )
    base = f"https://login.microsoftonline.com/{settings.tenant_id}/v2.0"
    params = {"domain_hint": settings.domain_hint} if settings.domain_hint else {}
    options = OpenIdOptions(f"{base}/.well-known/openid-configuration", params=params)
    return OpenIdProvider(about, settings, options)


def okta_provider(about: About, settings: OktaSettings) -> OpenIdProvider:
    """Okta, with its default or a custom authorization server."""
    server = f"/oauth2/{settings.auth_server_id}" if settings.auth_server_id else ""
    url = f"{settings.audience.rstrip('/')}{server}/.well-known/openid-configuration"
    params = {"idp": settings.idp} if settings.idp else {}
    return OpenIdProvider(about, settings, OpenIdOptions(url, params=params))


def _require_issuer(answer: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
    """RFC 9207: a response that names its issuer must name ours, else it is a mix-up."""
    said = answer.get("iss")
    is_promised = metadata.get("authorization_response_iss_parameter_supported") is True
    if said is None and is_promised and "error" not in answer:
        raise SignInError(Reason.INVALID, cause="the answer does not name its issuer")
    if said is not None and said != metadata["issuer"]:
        raise SignInError(Reason.INVALID, cause=f"the answer is of {said}")


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in {"https", "http"}
