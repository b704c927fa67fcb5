import time
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.requests import Request

from backstage_py.analytics import TRUSTED_PEER
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.provider_tokens import RemotePemKeys
from backstage_py.plugins.auth.providers.provider import About, ProxyProvider
from backstage_py.plugins.auth.providers.proxies import (
    AwsAlbProvider,
    CfAccessProvider,
    GcpIapProvider,
    Oauth2ProxyProvider,
)
from backstage_py.plugins.auth.settings import AwsAlbSettings, CfAccessSettings, GcpIapSettings
from tests.unit.plugins.auth.conftest import KeyServer, encode

KEYS = "https://keys.example.com/keys"
SIGN_IN = {"resolvers": [{"resolver": "emailMatchingUserEntityProfileEmail"}]}
SIGNER = "arn:aws:elasticloadbalancing:us-east-2:1:loadbalancer/app/a/1"
ISSUER = "https://id.example.com"


def request(
    headers: Mapping[str, str] | list[tuple[str, str]], *, is_trusted: bool = False
) -> Request:
    pairs = headers if isinstance(headers, list) else list(headers.items())
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs]
    scope = {"type": "http", "headers": raw, "client": ("10.0.0.9", 1), TRUSTED_PEER: is_trusted}
    return Request(scope)


class Proxy:
    """A kind of proxy: its settings, the claims of a good token, and the header that has it."""

    def __init__(self, kind: str, server: KeyServer) -> None:
        self.server = server
        about = About(kind, kind)
        now = int(time.time())
        self.claims: dict[str, Any] = {
            "sub": "s-1",
            "email": "ann@example.com",
            "iat": now,
            "exp": now + 300,
        }
        self.more: dict[str, Any] = {}
        transport = server.transport
        match kind:
            case "awsalb":
                settings = AwsAlbSettings.model_validate(
                    {
                        "issuer": ISSUER,
                        "signer": SIGNER,
                        "region": "us-east-2",
                        "jwksUrl": KEYS,
                        "signIn": SIGN_IN,
                    }
                )
                self.provider: ProxyProvider = AwsAlbProvider(about, settings, transport=transport)
                self.header, self.more = "x-amzn-oidc-data", {"signer": SIGNER}
                self.claims["iss"] = ISSUER
            case "cfaccess":
                settings = CfAccessSettings.model_validate(
                    {
                        "teamName": "team",
                        "audience": "tag-1",
                        "jwksUrl": KEYS,
                        "signIn": SIGN_IN,
                        "serviceTokens": [{"token": "bot.access", "subject": "bot@example.com"}],
                    }
                )
                self.provider = CfAccessProvider(about, settings, transport=transport)
                self.header = "cf-access-jwt-assertion"
                self.claims |= {"iss": "https://team.cloudflareaccess.com", "aud": ["x", "tag-1"]}
            case _:
                settings = GcpIapSettings.model_validate(
                    {"audience": "/projects/1", "jwksUrl": KEYS, "signIn": SIGN_IN}
                )
                self.provider = GcpIapProvider(about, settings, transport=transport)
                self.header = "x-goog-iap-jwt-assertion"
                self.claims |= {"iss": "https://cloud.google.com/iap", "aud": "/projects/1"}

    def sign(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        whole = {name: one for name, one in {**self.claims, **claims}.items() if one is not None}
        return self.server.sign(whole, **{**self.more, **(header or {})})

    def read(self, token: str) -> Profile:
        return self.provider.read(request({self.header: token}))


@pytest.fixture(params=["awsalb", "cfaccess", "gcpIap"])
def proxy(request: pytest.FixtureRequest, ec_keys: KeyServer, rsa_keys: KeyServer) -> Proxy:
    return Proxy(request.param, rsa_keys if request.param == "cfaccess" else ec_keys)


def test_a_proxys_token_says_who_it_is(proxy: Proxy) -> None:
    profile = proxy.read(proxy.sign())

    assert (profile.email, profile.subject) == ("ann@example.com", "s-1")


def test_clocks_may_differ_by_a_minute(proxy: Proxy) -> None:
    now = int(time.time())

    assert proxy.read(proxy.sign(exp=now - 30, iat=now + 30)).subject == "s-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"nbf": 9_999_999_999},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": [ISSUER, "https://cloud.google.com/iap"]},
    ],
)
def test_a_token_of_another_time_or_issuer_is_refused(proxy: Proxy, claims: dict[str, Any]) -> None:
    with pytest.raises(SignInError) as caught:
        proxy.read(proxy.sign(**claims))

    assert caught.value.reason is Reason.INVALID


@pytest.mark.parametrize("audience", ["another", ["another"], "", [], None])
def test_a_token_for_somebody_else_is_refused(proxy: Proxy, audience: Any) -> None:
    if isinstance(proxy.provider, AwsAlbProvider):
        token = proxy.sign({"signer": "arn:of:another"})
    else:
        token = proxy.sign(aud=audience)

    with pytest.raises(SignInError, match="invalid"):
        proxy.read(token)


def _forgeries(proxy: Proxy) -> dict[str, str]:
    good = proxy.sign()
    head, body, signature = good.split(".")
    kid = proxy.server.key.kid
    other_ec, other_rsa = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    claims = dict(proxy.claims)
    public = str(proxy.server.key.as_dict(private=False))

    def forge(alg: str, key: Any, **header: Any) -> str:
        return encode({"alg": alg, "kid": kid, **proxy.more, **header}, claims, key)

    none_head = "eyJhbGciOiJub25lIn0"
    return {
        "nothing": "",
        "text": "not a token",
        "dots": "..",
        "unsigned": f"{none_head}.{body}.",
        "no signature": f"{head}.{body}.",
        "another body": f"{head}.{proxy.sign(email='evil@example.com').split('.')[1]}.{signature}",
        "another signature": f"{head}.{body}.{'A' * len(signature)}",
        "another key": forge("ES256", other_ec),
        "another key of another kind": forge("RS256", other_rsa),
        "the public key as a password": forge("HS256", OctKey.import_key(public)),
        "its own key": forge("ES256", other_ec, jwk=other_ec.as_dict(private=False)),
        "keys elsewhere": forge("ES256", other_ec, jku="https://evil.example/keys"),
        "an unknown key": proxy.sign({"kid": "unknown"}),
        "a path as a key": proxy.sign({"kid": "../../evil"}),
    }


FORGERIES = (
    "nothing",
    "text",
    "dots",
    "unsigned",
    "no signature",
    "another body",
    "another signature",
    "another key",
    "another key of another kind",
    "the public key as a password",
    "its own key",
    "keys elsewhere",
    "an unknown key",
    "a path as a key",
)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(proxy: Proxy, name: str) -> None:
    with pytest.raises(SignInError) as caught:
        proxy.read(_forgeries(proxy)[name])

    assert caught.value.reason in {Reason.INVALID, Reason.NO_PROXY}


def test_the_header_must_be_there_once(proxy: Proxy) -> None:
    token = proxy.sign()
    twice = request([(proxy.header, token), (proxy.header, token)])

    with pytest.raises(SignInError, match="2 times"):
        proxy.provider.read(twice)
    with pytest.raises(SignInError, match="noProxy"):
        proxy.provider.read(request({"x-forwarded-user": "ann"}))


def test_a_rotated_key_is_fetched_and_the_old_one_is_over(ec_keys: KeyServer) -> None:
    server = KeyServer(ECKey)
    server.rotate()
    proxy = Proxy("gcpIap", server)
    old = proxy.sign()
    proxy.read(old)
    server.rotate()

    with pytest.raises(SignInError, match="invalid"):
        proxy.read(proxy.sign())  # the keys were fetched a moment ago
    fresh = Proxy("gcpIap", server)
    assert fresh.read(fresh.sign()).subject == "s-1"
    with pytest.raises(SignInError, match="invalid"):
        fresh.read(old)


def test_keys_are_not_fetched_for_each_request(ec_keys: KeyServer) -> None:
    server = KeyServer(ECKey)
    server.rotate()
    proxy = Proxy("gcpIap", server)

    for _ in range(5):
        proxy.read(proxy.sign())

    assert server.asked == 1


def test_aws_pads_its_tokens_and_serves_its_keys_one_by_one(ec_keys: KeyServer) -> None:
    settings = AwsAlbSettings.model_validate(
        {"issuer": ISSUER, "signer": SIGNER, "region": "us-east-2", "signIn": SIGN_IN}
    )
    provider = AwsAlbProvider(About("awsalb", "AWS"), settings)
    provider._keys = RemotePemKeys(f"{KEYS.removesuffix('/keys')}/pem", transport=ec_keys.transport)
    proxy = Proxy("awsalb", ec_keys)
    head, body, signature = proxy.sign().split(".")

    token = f"{head}==.{body}=.{signature}"

    assert provider.read(request({"x-amzn-oidc-data": token})).email == "ann@example.com"
    with pytest.raises(SignInError, match="invalid"):
        provider.read(request({"x-amzn-oidc-data": proxy.sign({"kid": "../x"})}))


def test_a_service_of_cloudflare_is_the_address_it_is_given(rsa_keys: KeyServer) -> None:
    proxy = Proxy("cfaccess", rsa_keys)

    profile = proxy.read(proxy.sign(email=None, sub="", common_name="bot.access"))
    by_cookie = proxy.provider.read(request({"cookie": f"CF_Authorization={proxy.sign()}"}))

    assert profile.email == "bot@example.com"
    assert by_cookie.email == "ann@example.com"


class TestOauth2Proxy:
    provider = Oauth2ProxyProvider(About("oauth2Proxy", "OAuth2 Proxy"))

    def test_a_trusted_proxys_headers_say_who_it_is(self) -> None:
        headers = {"x-forwarded-user": "ann", "x-forwarded-email": "ann@example.com"}

        profile = self.provider.read(request(headers, is_trusted=True))

        assert (profile.username, profile.email) == ("ann", "ann@example.com")

    @pytest.mark.parametrize(
        ("headers", "is_trusted"),
        [
            ({"x-forwarded-user": "ann"}, False),
            ({"x-auth-request-user": "ann"}, False),
            ({}, True),
        ],
    )
    def test_headers_of_anybody_else_prove_nothing(
        self, headers: dict[str, str], is_trusted: Any
    ) -> None:
        with pytest.raises(SignInError, match="noProxy"):
            self.provider.read(request(headers, is_trusted=is_trusted))

    def test_a_header_that_is_there_twice_is_refused(self) -> None:
        twice = [("x-forwarded-user", "ann"), ("x-forwarded-user", "bob")]

        with pytest.raises(SignInError, match="invalid"):
            self.provider.read(request(twice, is_trusted=True))
