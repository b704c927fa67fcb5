import hashlib
import operator
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics.backends.api import BrowserAnalyticsApi, NoOpAnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.browser_tag import BrowserTag
from backstage_py.analytics.backends.user_identity import UserIdentity
from backstage_py.analytics.identity.endpoint import IdentityEndpoint
from backstage_py.analytics.identity.identity import AnonymousIdentityApi, GuestIdentityApi
from backstage_py.analytics.identity.origin import Origins

TAG = BrowserTag(Path("tag.js"), {})


def tool(name: str, identity: UserIdentity, *, has_tag: bool = True) -> Backend:
    api = BrowserAnalyticsApi(TAG) if has_tag else NoOpAnalyticsApi()
    return Backend(name, api, identity=identity)


def client(*tools: Backend, auto: bool, base_url: str | None = None) -> TestClient:
    guests = GuestIdentityApi("user:default/ada") if auto else AnonymousIdentityApi()
    endpoint = IdentityEndpoint(guests, tools, origins=Origins(base_url))
    route = endpoint.route("/api/events/identity")
    return TestClient(Starlette(routes=[route]))


def test_each_tag_gets_the_user_id_that_it_may_know() -> None:
    tools = [
        tool("hashed", UserIdentity("optional")),
        tool("required", UserIdentity("required", operator.itemgetter(slice(-3, None)))),
        tool("nameless", UserIdentity("optional", lambda user: None)),
        tool("disabled", UserIdentity("disabled")),
        tool("server", UserIdentity("optional"), has_tag=False),
    ]

    answer = client(*tools, auto=True).get("/api/events/identity")

    hashed = hashlib.sha256(b"user:default/ada").hexdigest()
    assert answer.json() == {"users": {"hashed": hashed, "required": "ada"}}
    assert answer.headers["cache-control"] == "no-store"


def test_anonymous_users_have_no_id() -> None:
    answer = client(tool("hashed", UserIdentity("optional")), auto=False).get(
        "/api/events/identity", headers={"Cookie": "backstage_py_session=forged"}
    )

    assert answer.json() == {"users": {}}


def test_a_page_of_another_host_gets_nothing() -> None:
    answer = client(tool("hashed", UserIdentity("optional")), auto=True).get(
        "/api/events/identity", headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert "users" not in answer.json()


def test_a_portal_behind_a_proxy_is_known_by_its_address() -> None:
    answer = client(
        tool("hashed", UserIdentity("optional")), auto=True, base_url="https://portal.example"
    ).get("/api/events/identity", headers={"Origin": "https://portal.example"})

    assert set(answer.json()["users"]) == {"hashed"}
