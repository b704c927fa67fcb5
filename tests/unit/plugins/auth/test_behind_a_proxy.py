"""Guests behind a proxy that ends TLS: whose word counts for the cookies."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import Config, TrustedProxies
from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.http_api import AuthApi, Problems
from backstage_py.plugins.auth.identity import PortalIdentity
from backstage_py.plugins.auth.pending import PendingSignIns
from backstage_py.plugins.auth.providers.registry import Providers
from backstage_py.plugins.auth.sessions import Sessions
from backstage_py.plugins.auth.settings import AuthSettings
from backstage_py.plugins.auth.sign_in import SignInService
from tests.unit.plugins.auth.conftest import People

AUTH = {
    "providers": {
        "guest": {},
        "oauth2Proxy": {
            "signIn": {"resolvers": [{"resolver": "forwardedUserMatchingUserEntityName"}]}
        },
    }
}


@pytest.fixture
def client(database: AuthDatabase, people: People) -> TestClient:
    settings = AuthSettings.from_config(Config({"auth": AUTH}))
    sessions = Sessions(database, idle_time=timedelta(hours=1), duration=timedelta(days=1))
    service = SignInService(
        settings,
        Providers.build(settings),
        pending=PendingSignIns(database),
        sessions=sessions,
        users=people,
    )
    identity = PortalIdentity(sessions, settings.guest)
    problems = Problems("a secret of the tests")
    api = AuthApi(service, identity, problems, list_owners=lambda user: (user,))
    proxies = TrustedProxies.from_config(Config({"backend": {"trustedProxies": ["10.0.0.9"]}}))
    app = proxies.transform(Starlette(routes=api.routes()))
    return TestClient(app, follow_redirects=False, client=("10.0.0.9", 1))


def test_a_trusted_proxy_makes_cookies_secure(client: TestClient) -> None:
    answer = client.post("/api/auth/guest", headers={"X-Forwarded-Proto": "https"})

    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-backstage_py_session=")
    assert cookie.endswith("; Secure")


def test_a_proxy_says_who_it_is_without_a_page(client: TestClient) -> None:
    answer = client.get(
        "/api/auth/oauth2Proxy/start?redirect=/docs", headers={"X-Forwarded-User": "ann"}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
    claims = client.get("/api/auth/v1/userinfo").json()["claims"]
    assert claims["sub"] == "user:default/ann"


def test_another_peer_is_anonymous(client: TestClient) -> None:
    stranger = TestClient(client.app, follow_redirects=False, client=("10.0.0.8", 1))
    headers = {"X-Forwarded-User": "ann", "X-Forwarded-Proto": "https"}

    entered = stranger.get("/api/auth/oauth2Proxy/start", headers=headers)
    as_guest = stranger.post("/api/auth/guest", headers=headers)

    assert "backstage_py_session=" not in str(entered.headers.get_list("set-cookie"))
    assert "Secure" not in as_guest.headers.get_list("set-cookie")[0]
