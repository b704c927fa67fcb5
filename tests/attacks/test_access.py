"""Every route and every handler: what it declares, and that it holds (S1, S2, O2, issue line 5)."""

import json
from collections.abc import Iterator

import pytest
from starlette.routing import BaseRoute, Mount, Route

from backstage_py.analytics import PUBLIC, Access, GuardedRoute
from backstage_py.portal.event_guard import find_rule, list_handlers
from tests.attacks.conftest import NOBODY, OWNER, READER, Portal
from tests.attacks.socket import RawSocket, is_refused

REFLEX_ROUTES = {"/ping", "/_health"}
PUBLIC_HANDLERS = {"session_state.load", "sign_in_state.load", "analytics_state.capture"}
STREAMS = {"/mcp"}
"""Its answers have no end."""

pytestmark = [
    # A client that is refused leaves its socket to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def list_routes() -> Iterator[BaseRoute]:
    import backstage_py.backstage_py as portal
    from backstage_py.analytics.runtime import install

    api = portal.app._api
    assert api is not None
    if not any(getattr(route, "path", "") == "/api/events" for route in api.routes):
        install(portal.app, "/api/events", "/metrics", health_endpoints=True)
    transformers = portal.app.api_transformer
    assert isinstance(transformers, list | tuple)
    for one in (api, *transformers):
        yield from getattr(one, "routes", ())


def list_guarded() -> list[GuardedRoute]:
    return [route for route in list_routes() if isinstance(route, GuardedRoute)]


def list_rules() -> list[tuple[str, Access]]:
    import backstage_py.backstage_py as portal

    assert portal.app
    rules = []
    for state, name, handler in list_handlers():
        rule = find_rule(state, handler)
        if rule is not None and not state.__module__.startswith(("reflex.", "tests.")):
            rules.append((name, rule))
    return rules


def test_every_route_declares_who_may_call_it() -> None:
    undeclared = [
        route
        for route in list_routes()
        if isinstance(route, Route)
        and not isinstance(route, GuardedRoute)
        and route.path not in REFLEX_ROUTES
    ]

    assert not undeclared
    assert len(list_guarded()) > 30
    assert {one.path for one in list_routes() if isinstance(one, Mount)} <= {"/_event", ""}


def test_every_handler_of_every_state_declares_who_may_call_it() -> None:
    import backstage_py.backstage_py as portal

    assert portal.app
    undeclared = [
        name
        for state, name, handler in list_handlers()
        if find_rule(state, handler) is None
        and not name.endswith(".setvar")
        and not state.__module__.startswith("tests.")
    ]

    assert not undeclared
    assert len(list_rules()) > 100


def test_what_is_public_is_known() -> None:
    handlers = {".".join(name.split(".")[-2:]) for name, rule in list_rules() if rule == PUBLIC}
    routes = {route.path for route in list_guarded() if route.access == PUBLIC}

    assert {name.rpartition("____")[2] for name in handlers} <= PUBLIC_HANDLERS
    assert routes <= {
        *("/livez", "/readyz", "/metrics"),
        *("/api/events", "/api/events/identity", "/api/events/choice"),
        *("/api/catalog/openapi.json", "/api/insights/shared"),
        *(path for path in routes if path.startswith("/api/auth/")),
    }


def _calls() -> list[tuple[str, str, Access]]:
    return [
        (method, route.path.replace("{", "").replace("}", ""), route.access)
        for route in list_guarded()
        if route.access != PUBLIC and route.path not in STREAMS
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def test_no_route_answers_callers_without_permission(portal: Portal) -> None:
    with portal.client() as anonymous, portal.client(NOBODY) as nobody, portal.client(OWNER) as ann:
        for method, path, rule in _calls():
            wanted = 403 if rule.permission else 200
            answers = [one.request(method, path).status_code for one in (anonymous, nobody, ann)]
            assert answers[0] == 401, (method, path, answers)
            assert wanted == 200 or answers[1] == 403, (method, path, answers)
            assert answers[2] not in {401, 403}, (method, path, answers)


def test_no_handler_runs_for_callers_without_permission(portal: Portal) -> None:
    rules = [(name, rule) for name, rule in list_rules() if rule != PUBLIC]
    with RawSocket(portal.url) as anonymous, RawSocket(portal.url, {"x-test-user": NOBODY}) as one:
        for name, rule in rules:
            answer = anonymous.call(name, until="session_state")
            assert "is_known" in answer or "session_state" in answer, name
            if rule.permission:
                assert rule.permission in one.call(name, until=rule.permission), name


def test_a_handler_runs_for_callers_with_permission(portal: Portal) -> None:
    state = "catalog___state___index_state____catalog_index_state"
    name = next(name for name, _ in list_rules() if name.endswith(f"{state}.load"))

    with RawSocket(portal.url, {"x-test-user": READER}) as reader:
        assert "position-tracker" in reader.call(name, until="position-tracker")
    with RawSocket(portal.url) as anonymous:
        assert "position-tracker" not in anonymous.call(name, until="session_state")


def test_a_socket_cannot_name_its_user_in_the_event(portal: Portal) -> None:
    name = next(name for name, _ in list_rules() if name.endswith("events_state.look"))
    with RawSocket(portal.url) as socket:
        forged = {"headers": {"x-test-user": OWNER}}
        message = {"name": name, "payload": {}, "router_data": {"pathname": "/", **forged}}
        socket._client.send("42/_event," + json.dumps(["event", message]))
        assert "session_state" in socket.call(name, until="session_state")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", "null"]
)
def test_no_page_of_another_origin_gets_in(portal: Portal, origin: str) -> None:
    headers = {"x-test-user": OWNER, "origin": origin}

    assert is_refused(portal.url, headers)
    with portal.client(OWNER) as client:
        for method, path, _ in _calls():
            assert client.request(method, path, headers={"origin": origin}).status_code == 403


def test_the_portals_own_page_gets_in(portal: Portal) -> None:
    assert not is_refused(portal.url, {"origin": portal.url})
    with portal.client(OWNER) as client:
        answer = client.get("/api/catalog/entities", headers={"origin": portal.url})
    assert answer.status_code == 200


def test_setters_are_refused_in_one_line(portal: Portal) -> None:
    name = next(name for name, _ in list_rules() if name.endswith("events_state.look"))
    setter = f"{name.rpartition('.')[0]}.setvar"
    with RawSocket(portal.url, {"x-test-user": NOBODY}) as socket:
        for _ in range(20):
            socket.call(setter, {"var_name": "is_allowed", "value": True}, seconds=0.05)
        socket.call(name, {"wrong": 1}, until="analytics.event.read")
    log = portal.log.read_text()

    assert "Traceback" not in log
    assert 1 <= log.count("declares") <= 10
