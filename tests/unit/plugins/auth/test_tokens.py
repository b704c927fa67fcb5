from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.analytics import Config, ConfigurationError, Credentials, current_credentials
from backstage_py.plugins.auth.bearer import BearerTokens
from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.errors import TokenError
from backstage_py.plugins.auth.external_access import read_external_access
from backstage_py.plugins.auth.tokens import ApiTokens
from tests.unit.plugins.auth.conftest import Clock

ANN = "user:default/ann"
READ = "catalog.entity.read"


@pytest.fixture
def tokens(database: AuthDatabase, clock: Clock) -> ApiTokens:
    return ApiTokens(database, clock=clock)


def test_a_token_has_the_scopes_it_was_given(tokens: ApiTokens) -> None:
    token = tokens.create("script", ANN, [READ, "scaffolder.*"])

    assert tokens.verify(token) == Credentials(ANN, frozenset({READ, "scaffolder.*"}))
    assert tokens.verify(token[:-1]) is None
    assert tokens.verify("bpy_") is None


def test_the_database_has_the_hash_only(tokens: ApiTokens, database: AuthDatabase) -> None:
    token = tokens.create("script", ANN, [READ])

    with database.reading() as connection:
        rows = str(connection.execute(text("select * from auth_token")).all())

    assert token not in rows
    assert token.removeprefix("bpy_") not in rows


def test_a_token_expires(tokens: ApiTokens, clock: Clock) -> None:
    token = tokens.create("script", ANN, [READ], days=1)
    clock.move(hours=23)
    assert tokens.verify(token) is not None
    clock.move(hours=1)

    assert tokens.verify(token) is None
    assert tokens.list_of(ANN)[0].is_expired(clock())


def test_when_it_was_last_used_is_shown(tokens: ApiTokens, clock: Clock) -> None:
    token = tokens.create("script", ANN, [READ])
    assert tokens.list_of(ANN)[0].used_at is None
    clock.move(hours=5)
    tokens.verify(token)

    assert tokens.list_of(ANN)[0].used_at == clock()


def test_people_revoke_their_own_tokens_only(tokens: ApiTokens) -> None:
    token = tokens.create("script", ANN, [READ])
    id_ = tokens.list_of(ANN)[0].id

    assert not tokens.revoke(id_, subject="user:default/bob")
    assert tokens.verify(token) is not None
    assert tokens.revoke(id_, subject=ANN)
    assert tokens.verify(token) is None


def test_services_are_revoked_by_name_and_people_are_not(tokens: ApiTokens) -> None:
    tokens.create("ci", "external:ci", [READ])
    tokens.create("ci", ANN, [READ])

    assert tokens.revoke_service("ci") == 1
    assert [one.subject for one in tokens.list_all()] == [ANN]
    assert tokens.revoke_service(tokens.list_all()[0].id) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "name: is ''"),
        ({"name": "a\nb"}, "name: is"),
        ({"name": "x" * 81}, "name: is"),
        ({"subject": ""}, "Sign in first"),
        ({"scopes": []}, "permission: is missing"),
        ({"scopes": ["everything please"]}, "permission: is 'everything please'"),
        ({"scopes": ["*"]}, r"permission: is '\*'"),
        ({"days": 0}, "expires: is 0"),
        ({"days": 4_000}, "expires: is 4000"),
    ],
)
def test_what_is_wrong_names_the_field(
    tokens: ApiTokens, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(TokenError, match=message):
        tokens.create(**{"name": "script", "subject": ANN, "scopes": [READ], **wrong})


def test_a_name_is_taken_once(tokens: ApiTokens) -> None:
    tokens.create("script", ANN, [READ])

    with pytest.raises(TokenError, match="'script' is already used"):
        tokens.create("script", ANN, [READ])
    tokens.create("script", "user:default/bob", [READ])


def client(tokens: ApiTokens) -> TestClient:
    def tell(_request: Request) -> JSONResponse:
        credentials = current_credentials()
        return JSONResponse({"subject": credentials.subject if credentials else None})

    app = Starlette(routes=[Route("/{path:path}", tell, methods=["GET", "POST"])])
    return TestClient(BearerTokens(app, tokens))


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/api/catalog/entities", ANN),
        ("/api/auth/v1/userinfo", ANN),
        ("/mcp", ANN),
        ("/mcp/x", ANN),
        ("/", None),
        ("/metrics", None),
        ("/mcpx", None),
        ("/_event", None),
        ("/api/auth/sign-out", None),
    ],
)
def test_a_token_opens_the_api_and_nothing_else(
    tokens: ApiTokens, path: str, subject: str | None
) -> None:
    token = tokens.create("script", ANN, [READ])

    answer = client(tokens).get(path, headers={"Authorization": f"Bearer {token}"})

    assert answer.json() == {"subject": subject}


@pytest.mark.parametrize("value", ["Bearer bpy_forged", "bearer x", "Bearer ", "BEARER bpy_é"])
def test_a_token_that_is_not_good_is_refused_at_once(tokens: ApiTokens, value: str) -> None:
    answer = client(tokens).get("/api/x", headers=[(b"Authorization", value.encode("latin-1"))])

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["name"] == "AuthenticationError"


def test_another_scheme_is_not_ours(tokens: ApiTokens) -> None:
    answer = client(tokens).get("/api/x", headers={"Authorization": "Basic YTpi"})

    assert answer.json() == {"subject": None}


def external(*entries: Any) -> Config:
    return Config({"backend": {"auth": {"externalAccess": list(entries)}}})


def static(token: str = "a-long-token", subject: str = "ci", **more: Any) -> dict[str, Any]:
    return {"type": "static", "options": {"token": token, "subject": subject}, **more}


@pytest.mark.parametrize(
    ("restrictions", "scopes"),
    [
        ({}, {"*"}),
        ({"accessRestrictions": [{"plugin": "catalog"}]}, {"catalog.*"}),
        (
            {
                "accessRestrictions": [
                    {"plugin": "catalog", "permission": READ},
                    {"plugin": "scaffolder", "permission": ["scaffolder.task.read"]},
                ]
            },
            {READ, "scaffolder.task.read"},
        ),
    ],
)
def test_the_configuration_names_tokens_of_services(
    database: AuthDatabase, restrictions: dict[str, Any], scopes: set[str]
) -> None:
    found = read_external_access(external(static(**restrictions)))

    tokens = ApiTokens(database, static=found)

    assert tokens.verify("a-long-token") == Credentials("external:ci", frozenset(scopes))
    assert tokens.verify("another") is None
    assert "a-long-token" not in repr(found)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("x", r"externalAccess\[0\].*is not an object"),
        (static("short"), "too short"),
        (static("with a space in it"), "has spaces"),
        (static(subject="a b"), "subject: is 'a b'"),
        (static(accessRestrictions=[]), "a list of {plugin, permission}"),
        ({**static(), "type": "jwks"}, "static, the only type"),
        ({**static(), "typo": 1}, "typo"),
    ],
)
def test_a_wrong_entry_is_one_clear_line_without_the_token(entry: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_external_access(external(entry))

    assert "with a space in it" not in str(caught.value)
