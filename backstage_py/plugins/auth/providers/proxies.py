"""Reverse proxies that have signed people in already.

Most prove it with a JSON Web Token in a header; oauth2-proxy's headers prove nothing and count only
from a peer listed in `backend.trustedProxies`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
from starlette.requests import Request

from backstage_py.analytics import TRUSTED_PEER
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import Profile, profile_from_claims
from backstage_py.plugins.auth.provider_tokens import RemoteKeys, RemotePemKeys, verify_token
from backstage_py.plugins.auth.providers.provider import About
from backstage_py.plugins.auth.settings import AwsAlbSettings, CfAccessSettings, GcpIapSettings

_IAP_KEYS = "https://www.gstatic.com/iap/verify/public_key-jwk"
_IAP_ISSUER = "https://cloud.google.com/iap"


class Oauth2ProxyProvider:
    """oauth2-proxy, whose plain headers a trusted proxy must have set.

    https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview (`--pass-user-headers`,
    `--set-xauthrequest`)
    """

    def __init__(self, about: About) -> None:
        self.about = about

    def read(self, request: Request) -> Profile:
        """The person in the headers."""
        if not request.scope.get(TRUSTED_PEER):
            peer = request.client.host if request.client else "unknown"
            cause = f"{peer} is not in backend.trustedProxies"
            raise SignInError(Reason.NO_PROXY, cause=cause)
        user, email, name = (
            _one(request, f"x-forwarded-{key}") or _one(request, f"x-auth-request-{key}")
            for key in ("user", "email", "preferred-username")
        )
        if not user and not email:
            raise SignInError(Reason.NO_PROXY, cause="x-forwarded-user is missing")
        return Profile(
            provider=self.about.id,
            subject=user or email,
            email=email,
            username=name or user.partition("@")[0],
            claims={"user": user, "email": email, "preferred_username": name},
        )


class AwsAlbProvider:
    """The Application Load Balancer of AWS.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
    """

    HEADER = "x-amzn-oidc-data"

    def __init__(
        self,
        about: About,
        settings: AwsAlbSettings,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self._issuer = settings.issuer
        self._signer = settings.signer
        if settings.jwks_url:
            self._keys = RemoteKeys(settings.jwks_url, transport=transport)
        else:
            self._keys = RemotePemKeys(_alb_keys(settings.region), transport=transport)

    def read(self, request: Request) -> Profile:
        """The person in its token, which has no audience, only the load balancer that signed it."""
        text = _require_header(request, self.HEADER)
        # AWS pads its Base64, which the standard forbids.
        verified = verify_token(
            text.replace("=", ""), self._keys, issuer=self._issuer, algorithms=["ES256"]
        )
        if verified.header.get("signer") != self._signer:
            cause = f"the token was signed by {verified.header.get('signer')!r}"
            raise SignInError(Reason.INVALID, cause=cause)
        return profile_from_claims(self.about.id, verified.claims)


class CfAccessProvider:
    """Cloudflare Access.

    https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
    """

    def __init__(
        self,
        about: About,
        settings: CfAccessSettings,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self._issuer = f"https://{settings.team_name}.cloudflareaccess.com"
        self._audience = settings.audience
        self._services = {one.token: one.subject for one in settings.service_tokens}
        self._header = settings.custom_header or settings.jwt_header_name
        self._cookie = settings.custom_cookie_auth_name or settings.authorization_cookie_name
        url = settings.jwks_url or f"{self._issuer}/cdn-cgi/access/certs"
        self._keys = RemoteKeys(url, transport=transport)

    def read(self, request: Request) -> Profile:
        """The person in its token; a service token counts as its configured address."""
        text = _one(request, self._header) or request.cookies.get(self._cookie)
        if not text:
            raise SignInError(Reason.NO_PROXY, cause=f"{self._header} is missing")
        verified = verify_token(text, self._keys, issuer=self._issuer, audience=self._audience)
        claims = dict(verified.claims)
        if "email" not in claims and (
            subject := self._services.get(str(claims.get("common_name")))
        ):
            claims |= {"email": subject, "sub": subject}
        return profile_from_claims(self.about.id, claims)


class GcpIapProvider:
    """The Identity-Aware Proxy of Google Cloud.

    https://cloud.google.com/iap/docs/signed-headers-howto
    """

    def __init__(
        self,
        about: About,
        settings: GcpIapSettings,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self._audience = settings.audience
        self._header = settings.jwt_header
        self._keys = RemoteKeys(settings.jwks_url or _IAP_KEYS, transport=transport)

    def read(self, request: Request) -> Profile:
        """The person in its token."""
        verified = verify_token(
            _require_header(request, self._header),
            self._keys,
            issuer=_IAP_ISSUER,
            audience=[self._audience],
            algorithms=["ES256"],
        )
        return profile_from_claims(self.about.id, _without_prefix(verified.claims))


def _without_prefix(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The subject without the prefix `accounts.google.com:`, which Google adds."""
    subject = str(claims.get("sub", ""))
    return {**claims, "sub": subject.rpartition(":")[2]}


def _require_header(request: Request, name: str) -> str:
    text = _one(request, name)
    if not text:
        raise SignInError(Reason.NO_PROXY, cause=f"{name} is missing")
    return text


def _one(request: Request, name: str) -> str:
    """The value of a header that must occur once; twice is an attempt to confuse the proxy."""
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise SignInError(Reason.INVALID, cause=f"{name} is there {len(values)} times")
    return values[0].strip() if values else ""


def _alb_keys(region: str) -> str:
    name = quote(region, safe="")
    if region.startswith("us-gov"):
        return f"https://s3-{name}.amazonaws.com/aws-elb-public-keys-prod-{name}"
    return f"https://public-keys.auth.elb.{name}.amazonaws.com"
