from datetime import timedelta
from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.auth.providers.registry import Providers
from backstage_py.plugins.auth.settings import AuthSettings, OidcSettings

SIGN_IN = {"resolvers": [{"resolver": "emailMatchingUserEntityProfileEmail"}]}
CLIENT = {"clientId": "portal", "clientSecret": "s3cret", "signIn": SIGN_IN}
OIDC = {**CLIENT, "metadataUrl": "https://id.example.com/.well-known/openid-configuration"}


def read(providers: Any = None, **auth: Any) -> AuthSettings:
    section = {**auth, **({} if providers is None else {"providers": providers})}
    return AuthSettings.from_config(Config({"auth": section}))


def test_without_a_section_nobody_can_sign_in() -> None:
    settings = AuthSettings.from_config(Config({}))

    assert (dict(settings.providers), settings.environment) == ({}, "development")
    assert settings.session.idle_time == timedelta(days=1)


def test_the_environment_decides_which_section_counts() -> None:
    section = {"development": OIDC, "production": {**OIDC, "clientId": "real"}}

    found = read({"oidc": section}, environment="production").providers["oidc"]

    assert isinstance(found, OidcSettings)
    assert (found.client_id, found.client_secret.get_secret_value()) == ("real", "s3cret")


def test_a_provider_of_another_environment_is_left_out() -> None:
    assert read({"oidc": {"production": OIDC}}).providers == {}


@pytest.mark.parametrize(
    ("id_", "section"),
    [
        ("guest", {"auto": True}),
        ("guest", True),
        ("oauth2Proxy", {"signIn": SIGN_IN}),
        ("awsalb", {"issuer": "i", "signer": "arn", "region": "us-east-2", "signIn": SIGN_IN}),
        ("cfaccess", {"teamName": "t", "audience": "tag", "signIn": SIGN_IN}),
        ("gcpIap", {"audience": "/projects/1", "signIn": SIGN_IN}),
    ],
)
@pytest.mark.parametrize("below", [True, False])
def test_guests_and_proxies_need_no_environment(id_: str, section: Any, below: object) -> None:
    whole = {"development": section} if below and section is not True else section

    settings = read({id_: whole})

    assert list(settings.providers) == [id_]
    Providers.build(settings)


@pytest.mark.parametrize(
    ("id_", "more"),
    [
        ("oidc", {"metadataUrl": "https://id.example.com/x", "scope": "openid email"}),
        ("github", {"enterpriseInstanceUrl": "https://ghe.example.com"}),
        ("gitlab", {"audience": "https://gitlab.example.com"}),
        ("google", {"additionalScopes": ["a"], "callbackUrl": "https://p.example.com/cb"}),
        ("microsoft", {"tenantId": "t-1", "domainHint": "example.com"}),
        ("okta", {"audience": "https://x.okta.com", "authServerId": "s", "idp": "i"}),
    ],
)
def test_each_provider_has_backstages_keys(id_: str, more: dict[str, Any]) -> None:
    settings = read({id_: {"development": {**CLIENT, "sessionDuration": "24h", **more}}})

    providers = Providers.build(settings)

    assert providers.redirects[id_].about.duration == timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ({"hours": 24}, timedelta(days=1)),
        ({"days": 1, "minutes": 30}, timedelta(days=1, minutes=30)),
        ("24h", timedelta(days=1)),
        ("2 days", timedelta(days=2)),
        ("PT36H", timedelta(hours=36)),
        ("P1DT2H", timedelta(days=1, hours=2)),
    ],
)
def test_durations_are_backstages(value: object, span: timedelta) -> None:
    assert read(session={"duration": value}).session.duration == span


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        ({"providers": {"gihub": {}}}, r"auth\.providers\.gihub.*Did you mean github"),
        ({"provider": {}}, r"auth\.provider\b.*Did you mean providers"),
        ({"providers": {"oidc": {"development": {**OIDC, "clientID": "x"}}}}, "clientID.*clientId"),
        ({"providers": {"oidc": OIDC}}, r"as auth\.providers\.oidc\.development\.clientId"),
        ({"providers": {"oidc": {"development": CLIENT}}}, "metadataUrl: is missing"),
        (
            {"providers": {"oidc": {"development": {**OIDC, "signIn": {"resolvers": []}}}}},
            "a list of resolvers",
        ),
        ({"providers": {"oidc": {"development": {**OIDC, "metadataUrl": "x"}}}}, "metadataUrl"),
        (
            {"providers": {"oidc": {"development": {**OIDC, "tokenSignedResponseAlg": "none"}}}},
            "an asymmetric algorithm",
        ),
        ({"providers": {"guest": {"userEntityRef": "ann"}}}, "a user in full"),
        ({"session": {"idleTime": "soon"}}, "a duration, as"),
        ({"session": {"idleTime": {"hours": 0}}}, "a duration, as"),
        ({"providers": {"cfaccess": {"teamName": "t", "signIn": SIGN_IN}}}, "audience: is missing"),
    ],
)
def test_what_is_wrong_is_one_clear_line(auth: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        read(**auth)

    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("id_", "section", "message"),
    [
        ("oidc", {**OIDC, "signIn": {"resolvers": [{"resolver": "emailMatching"}]}}, r"\[0\]"),
        ("oidc", {**OIDC, "signIn": {"resolvers": [{"resolver": "a.b:c"}]}}, "cannot be loaded"),
        ("oidc", {**OIDC, "signIn": {"resolvers": [{"resolver": "sys:path"}]}}, "not a function"),
        ("microsoft", {**CLIENT, "tenantId": "common"}, "tenantId: is 'common'"),
    ],
)
def test_a_provider_that_cannot_be_safe_stops_the_start(
    id_: str, section: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Providers.build(read({id_: {"development": section}}))
