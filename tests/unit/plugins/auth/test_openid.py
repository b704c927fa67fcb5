"""Signing in at a real OpenID provider, by the portal's own routes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import Config, Origins, open_engine
from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.errors import Reason
from backstage_py.plugins.auth.http_api import AuthApi, Problems
from backstage_py.plugins.auth.identity import PortalIdentity
from backstage_py.plugins.auth.pending import PendingSignIns
from backstage_py.plugins.auth.providers.openid import OpenIdProvider
from backstage_py.plugins.auth.providers.registry import Providers
from backstage_py.plugins.auth.sessions import Sessions
from backstage_py.plugins.auth.settings import AuthSettings
from backstage_py.plugins.auth.sign_in import SignInService
from backstage_py.portal.web_guard import CSP, WebGuard
from tests.oidc.run import oidc_provider
from tests.unit.plugins.auth.conftest import People


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider() as url:
        yield url


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('auth') / 'auth.db'}"
    engine = open_engine({"DATABASE_URL": url})
    yield engine
    engine.dispose()


class Portal:
    """A portal, and browsers in front of it."""

    def __init__(self, issuer: str, engine: Engine, people: People) -> None:
        self.issuer = issuer
        oidc = {
            "metadataUrl": f"{issuer}/.well-known/openid-configuration",
            "clientId": "portal",
            "clientSecret": "a secret of the tests",
            "signIn": {"resolvers": [{"resolver": "emailMatchingUserEntityProfileEmail"}]},
        }
        auth = {"providers": {"oidc": {"development": oidc}, "guest": {}}}
        settings = AuthSettings.from_config(Config({"auth": auth}))
        self.providers = Providers.build(settings)
        database = AuthDatabase(engine)
        self.sessions = Sessions(database, idle_time=timedelta(hours=1), duration=timedelta(days=1))
        self.identity = PortalIdentity(self.sessions, settings.guest)
        self.problems = Problems("a secret of the tests")
        service = SignInService(
            settings,
            self.providers,
            pending=PendingSignIns(database),
            sessions=self.sessions,
            users=people,
        )
        api = AuthApi(
            service, self.identity, self.problems, list_owners=lambda user: (user, "group:a/b")
        )
        self.app = WebGuard(
            Starlette(routes=api.routes()),
            origins=Origins(hosts=frozenset({"testserver", "portal.example"})),
            csp=CSP,
        )

    def browser(self) -> "Browser":
        return Browser(self)


class Browser:
    """A browser with cookies for the portal and for the provider."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.client = TestClient(portal.app, follow_redirects=False)
        self.cookies = httpx.Cookies()

    def start(self, redirect: str = "/catalog?x=1#top") -> str:
        """Begin; gives the address at the provider."""
        answer = self.client.get("/api/auth/oidc/start", params={"redirect": redirect})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def answer(self, url: str, account: str) -> str:
        """Say at the provider who one is; gives the address that it sends the browser back to."""
        for _ in range(10):
            found = self.visit(url)
            if found.is_success:
                url = f"{url}?as={account}"
                continue
            url = str(httpx.URL(url).join(found.headers["location"]))
            if url.startswith("http://testserver"):
                return url
        raise AssertionError(f"never came back: {url}")

    def visit(self, url: str) -> httpx.Response:
        """Open an address of the provider."""
        with httpx.Client(cookies=self.cookies) as client:
            answer = client.get(url)
            self.cookies = client.cookies
        return answer

    def sign_in(self, account: str, redirect: str = "/catalog?x=1#top") -> Any:
        return self.client.get(self.answer(self.start(redirect), account))

    @property
    def user(self) -> str | None:
        answer = self.client.get("/api/auth/v1/userinfo")
        return answer.json()["claims"]["sub"] if answer.is_success else None

    @property
    def problem(self) -> tuple[Reason, str] | None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        return self.portal.problems.read({"cookie": cookie})


@pytest.fixture
def portal(issuer: str, engine: Engine, people: People) -> Iterator[Portal]:
    yield Portal(issuer, engine, people)
    httpx.post(f"{issuer}/test/clock?seconds=0")


def changed(url: str, **params: str) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | params
    return urlunsplit(parts._replace(query=urlencode(query)))


def test_two_people_sign_in_in_two_browsers(portal: Portal) -> None:
    ann, bob = portal.browser(), portal.browser()

    answers = [ann.sign_in("ann"), bob.sign_in("bob", "/docs")]

    assert [one.headers["location"] for one in answers] == ["/catalog?x=1#top", "/docs"]
    assert (ann.user, bob.user) == ("user:default/ann", "user:default/bob")
    assert ann.client.get("/api/auth/v1/userinfo").json() == {
        "claims": {"sub": "user:default/ann", "ent": ["user:default/ann", "group:a/b"]}
    }


def test_it_is_a_code_with_pkce_state_and_nonce(portal: Portal) -> None:
    query = parse_qs(urlsplit(portal.browser().start()).query)

    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/api/auth/oidc/handler/frame"]
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}
    assert min(len(query[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_the_session_cookie_is_not_for_scripts(portal: Portal) -> None:
    cookies = portal.browser().sign_in("ann").headers.get_list("set-cookie")

    (session,) = [one for one in cookies if one.startswith("backstage_py_session=")]
    assert session.partition("; ")[2].startswith("HttpOnly; SameSite=Lax; Path=/; Max-Age=")


def test_behind_tls_cookies_are_the_hosts_own(portal: Portal) -> None:
    client = TestClient(portal.app, base_url="https://portal.example", follow_redirects=False)

    answer = client.post("/api/auth/guest")

    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-backstage_py_session=")
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    ("account", "reason", "detail"),
    [("nobody", Reason.REFUSED, ""), ("eve", Reason.NO_USER, "eve@elsewhere.example")],
)
def test_a_refused_person_reads_the_reason_on_the_page_they_came_from(
    portal: Portal, account: str, reason: Reason, detail: str
) -> None:
    browser = portal.browser()

    answer = browser.sign_in(account)

    assert answer.headers["location"] == "/catalog?x=1#top"
    assert (browser.user, browser.problem) == (None, (reason, detail))


def _replay(browser: Browser) -> str:
    url = browser.answer(browser.start(), "ann")
    browser.client.get(url)
    browser.client.post("/api/auth/sign-out")
    return url


def _old_code(browser: Browser) -> str:
    """The code of an answer that was used, with the state of another that was not."""
    used = parse_qs(urlsplit(_replay(browser)).query)["code"][0]
    return changed(browser.answer(browser.start(), "ann"), code=used)


def _expired_code(browser: Browser) -> str:
    url = browser.answer(browser.start(), "ann")
    httpx.post(f"{browser.portal.issuer}/test/clock?seconds=120")
    return url


def _state_of_another_browser(browser: Browser) -> str:
    other = browser.portal.browser()
    return other.answer(other.start(), "ann")


def _another_nonce(browser: Browser) -> str:
    return browser.answer(changed(browser.start(), nonce="another"), "ann")


def _another_challenge(browser: Browser) -> str:
    return browser.answer(changed(browser.start(), code_challenge="A" * 43), "ann")


def _another_issuer(browser: Browser) -> str:
    return changed(browser.answer(browser.start(), "ann"), iss="https://evil.example")


def _no_issuer(browser: Browser) -> str:
    url = browser.answer(browser.start(), "ann")
    return url.replace("&iss=", "&was=")


def _another_state(browser: Browser) -> str:
    return changed(browser.answer(browser.start(), "ann"), state="another")


def _token_in_the_answer(browser: Browser) -> str:
    state = parse_qs(urlsplit(browser.start()).query)["state"][0]
    return f"/api/auth/oidc/handler/frame?state={state}&access_token=x&iss={browser.portal.issuer}"


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (_replay, Reason.EXPIRED),
        (_old_code, Reason.EXPIRED),
        (_expired_code, Reason.EXPIRED),
        (_state_of_another_browser, Reason.EXPIRED),
        (_another_state, Reason.EXPIRED),
        (_another_challenge, Reason.EXPIRED),
        (_another_nonce, Reason.INVALID),
        (_another_issuer, Reason.INVALID),
        (_no_issuer, Reason.INVALID),
        (_token_in_the_answer, Reason.INVALID),
    ],
)
def test_an_invalid_response_signs_nobody_in(
    portal: Portal, attack: Callable[[Browser], str], reason: Reason
) -> None:
    browser = portal.browser()
    url = attack(browser)

    answer = browser.client.get(url)

    assert answer.status_code == 303
    assert browser.user is None
    assert browser.problem is not None
    assert browser.problem[0] is reason


def test_a_rotated_key_is_fetched(engine: Engine, people: People) -> None:
    with oidc_provider() as issuer:
        portal = Portal(issuer, engine, people)
        portal.browser().sign_in("ann")
        port = urlsplit(issuer).port
    provider = portal.providers.redirects["oidc"]
    assert isinstance(provider, OpenIdProvider)
    assert provider._keys is not None
    provider._keys._fetched -= 60
    with oidc_provider(port):
        browser = portal.browser()
        browser.sign_in("ann")

        assert browser.user == "user:default/ann"


def test_a_provider_that_is_down_is_a_reason(engine: Engine, people: People) -> None:
    with oidc_provider() as issuer:
        pass
    browser = Portal(issuer, engine, people).browser()

    answer = browser.client.get("/api/auth/oidc/start?redirect=/docs")

    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
    assert browser.problem == (Reason.UNREACHABLE, "")


def test_signing_in_again_ends_the_session_before(portal: Portal) -> None:
    browser = portal.browser()
    browser.sign_in("ann")
    before = browser.client.cookies["backstage_py_session"]
    browser.sign_in("ann")

    assert browser.client.cookies["backstage_py_session"] != before
    assert portal.sessions.find(before) is None


def test_signing_out_ends_it_here_and_at_the_provider(portal: Portal) -> None:
    browser = portal.browser()
    browser.sign_in("ann")
    secret = browser.client.cookies["backstage_py_session"]

    answer = browser.client.post("/api/auth/sign-out", headers={"Accept": "application/json"})

    url = answer.json()["redirect"]
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{portal.issuer}/session/end?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/"]
    assert len(query["id_token_hint"][0].split(".")) == 3
    assert portal.identity.identify({"cookie": f"backstage_py_session={secret}"}) is None
    assert browser.visit(url).is_success


def test_guests_enter_and_leave(portal: Portal) -> None:
    browser = portal.browser()

    answer = browser.client.post("/api/auth/guest", data={"redirect": "/docs?a=b"})
    entered = browser.user
    left = browser.client.post("/api/auth/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/docs?a=b")
    assert (entered, browser.user) == ("user:default/guest", None)
    assert (left.status_code, left.headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/api/auth/guest", "/api/auth/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_signs_nobody_in_or_out(
    portal: Portal, path: str, headers: dict[str, str]
) -> None:
    answer = portal.browser().client.post(path, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("redirect", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_redirects_stay_in_the_portal(portal: Portal, redirect: str) -> None:
    browser = portal.browser()

    signed_in = browser.sign_in("ann", redirect)
    entered = browser.client.post("/api/auth/guest", data={"redirect": redirect})

    assert [one.headers["location"] for one in (signed_in, entered)] == ["/", "/"]


@pytest.mark.parametrize("path", ["start", "handler/frame"])
def test_a_provider_that_is_not_configured_is_not_found(portal: Portal, path: str) -> None:
    answer = portal.browser().client.get(f"/api/auth/github/{path}")

    assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")
