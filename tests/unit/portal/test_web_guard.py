"""The guard between the portal and other web sites (S1, S2, S8, S17, S18)."""

import gzip
from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from backstage_py.analytics import (
    CATALOG_ENTITY_READ,
    PUBLIC,
    SIGNED_IN,
    Access,
    Config,
    ConfigurationError,
    GuardedRoute,
    Origins,
    Refusal,
)
from backstage_py.portal.web_guard import WebGuard, build_csp

PAGE = "<html><script>one()</script><script type='module' src='/a.js'></script></html>"
EVIL = {"origin": "http://evil.example"}


async def answer(_request: Request) -> Response:  # ruff: ignore[unused-async]
    return JSONResponse({})


async def page(_request: Request) -> Response:  # ruff: ignore[unused-async]
    return HTMLResponse(PAGE)


async def packed(_request: Request) -> Response:  # ruff: ignore[unused-async]
    body = gzip.compress(PAGE.encode())
    return HTMLResponse(body, headers={"content-encoding": "gzip"})


async def asset(request: Request) -> Response:  # ruff: ignore[unused-async]
    return Response("", status_code=404 if "gone" in request.url.path else 200)


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def check(headers: Mapping[str, str], rule: Access) -> Refusal | None:
    user = headers.get("x-user")
    if rule == PUBLIC or user == "all":
        return None
    if user is None:
        return Refusal()
    return Refusal(rule.permission) if rule.permission else None


def portal(**options: str) -> TestClient:
    app = Starlette(
        routes=[
            GuardedRoute("/api/open", answer, methods=["GET", "POST"], access=PUBLIC),
            GuardedRoute("/api/own", answer, methods=["GET"], access=SIGNED_IN),
            GuardedRoute("/api/read", answer, methods=["GET"], access=CATALOG_ENTITY_READ),
            Route("/", page),
            Route("/packed", packed),
            Route("/assets/{name}", asset),
            WebSocketRoute("/_event", talk),
        ]
    )
    guard = WebGuard(app, origins=Origins(), csp=build_csp(Config({})), check=check)
    return TestClient(guard, base_url=options.get("base_url", "http://localhost:3000"))


class TestOtherSites:
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
    @pytest.mark.parametrize("path", ["/api/open", "/", "/metrics"])
    def test_a_page_of_another_origin_is_refused_everywhere(self, method: str, path: str) -> None:
        response = portal().request(method, path, headers=EVIL)

        assert response.status_code == 403
        assert response.json()["error"]["message"].startswith("Origin: is another site.")
        assert "access-control-allow-origin" not in response.headers

    def test_a_page_of_the_portal_is_answered(self) -> None:
        headers = {"origin": "http://localhost:3000", "sec-fetch-site": "same-origin"}

        assert portal().post("/api/open", headers=headers).status_code == 200

    @pytest.mark.parametrize("origin", ["http://localhost:3001", "http://evil.example", "null"])
    def test_a_socket_of_another_origin_is_not_opened(self, origin: str) -> None:
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            portal().websocket_connect("ws://localhost:3000/_event", headers={"origin": origin}),
        ):
            pass
        assert refused.value.code == 1008

    def test_the_portals_own_socket_is_opened(self) -> None:
        headers = {"origin": "http://localhost:3000"}
        with portal().websocket_connect("ws://localhost:3000/_event", headers=headers) as socket:
            assert socket.receive_text() == "hello"

    @pytest.mark.parametrize(
        ("method", "path", "mode", "status"),
        [
            ("POST", "/api/open", "navigate", 403),
            ("GET", "/api/open", "no-cors", 403),
            ("GET", "/api/open", "navigate", 200),
            ("GET", "/", "navigate", 200),
        ],
    )
    def test_without_an_origin_the_browser_says_whose_request_it_is(
        self, method: str, path: str, mode: str, status: int
    ) -> None:
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode}

        assert portal().request(method, path, headers=headers).status_code == status

    @pytest.mark.parametrize("host", ["attacker.example:3000", "", "localhost.evil.example"])
    def test_a_host_that_is_not_the_portals_is_not_answered(self, host: str) -> None:
        headers = {"host": host, "origin": f"http://{host}"}

        response = portal().get("/api/open", headers=headers)

        assert response.status_code == 403
        assert "backend.allowedHosts" in response.json()["error"]["message"]


class TestHeaders:
    def test_each_answer_is_kept_from_frames_and_sniffing(self) -> None:
        for path in ("/", "/api/open", "/nowhere"):
            headers = portal().get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "SAMEORIGIN"
            assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
            assert "strict-transport-security" not in headers

    @pytest.mark.parametrize("path", ["/", "/packed"])
    def test_a_page_runs_its_own_scripts_only(self, path: str) -> None:
        csp = portal().get(path).headers["content-security-policy"]
        scripts = next(part for part in csp.split("; ") if part.startswith("script-src"))

        assert "unsafe-inline" not in scripts
        assert "'sha256-" in scripts
        assert scripts.count("sha256") == 1
        assert "frame-ancestors 'self'" in csp
        assert "object-src 'none'" in csp

    def test_data_is_not_a_document(self) -> None:
        csp = portal().get("/api/open").headers["content-security-policy"]
        assert csp == "default-src 'none'; frame-ancestors 'none'"

    def test_behind_tls_browsers_stay_with_it(self) -> None:
        headers = portal(base_url="https://localhost:3000").get("/").headers
        assert headers["strict-transport-security"] == "max-age=31536000"

    def test_the_owner_changes_the_policy_as_in_backstage(self) -> None:
        config = Config({"backend": {"csp": {"img-src": ["'self'"], "media-src": False}}})
        csp = build_csp(config, ["https://tag.example"])

        assert csp["img-src"] == ("'self'",)
        assert "media-src" not in csp
        assert csp["script-src"] == ("'self'", "'unsafe-eval'", "https://tag.example")

    @pytest.mark.parametrize("value", ["'self'", [5], ["'self'; script-src *"]])
    def test_a_wrong_policy_is_one_clear_error(self, value: object) -> None:
        with pytest.raises(ConfigurationError, match=r"backend\.csp\.img-src"):
            build_csp(Config({"backend": {"csp": {"img-src": value}}}))


class TestAccess:
    @pytest.mark.parametrize(
        ("path", "user", "status"),
        [
            ("/api/open", None, 200),
            ("/api/own", None, 401),
            ("/api/own", "ann", 200),
            ("/api/read", None, 401),
            ("/api/read", "ann", 403),
            ("/api/read", "all", 200),
        ],
    )
    def test_a_route_is_for_those_it_declares(
        self, path: str, user: str | None, status: int
    ) -> None:
        headers = {"x-user": user} if user else {}

        assert portal().get(path, headers=headers).status_code == status

    def test_a_refusal_names_the_missing_permission(self) -> None:
        error = portal().get("/api/read", headers={"x-user": "ann"}).json()["error"]

        assert error["name"] == "NotAllowedError"
        assert "catalog.entity.read" in error["message"]


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("root-mDTYdshc.js", True),
        ("__reflex_global_styles-PAzXq4Vu.css", True),
        ("favicon.svg", False),
        ("reflex-env-mDTYdshc.js", False),
        ("gone-mDTYdshc.js", False),
    ],
)
def test_browsers_keep_the_files_that_are_called_after_their_content(
    name: str,
    is_kept: bool,  # ruff: ignore[boolean-type-hint-positional-argument]
) -> None:
    answered = portal().get(f"/assets/{name}").headers.get("cache-control", "")

    assert ("immutable" in answered) is is_kept
