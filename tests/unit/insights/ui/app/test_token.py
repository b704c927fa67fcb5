import pytest
from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import Config, Origins
from backstage_py.insights.ui.app.token import (
    COOKIE,
    MAX_BODY_BYTES,
    PATH,
    DashboardToken,
    token_route,
)

SECRET = "a-token-of-the-owner"
HERE = "http://testserver"


@pytest.fixture
def token() -> DashboardToken:
    return DashboardToken(SECRET)


@pytest.fixture
def client(token: DashboardToken) -> TestClient:
    origins = Origins.from_config(Config({}), any_port=False)
    route = token_route(token, origins, prefix="", dashboard="/insights")
    return TestClient(Starlette(routes=[route]), follow_redirects=False)


def test_the_form_gives_its_holder_a_cookie_that_scripts_do_not_see(
    client: TestClient, token: DashboardToken
) -> None:
    response = client.post(PATH, data={"token": f" {SECRET} "}, headers={"Origin": HERE})

    assert (response.status_code, response.headers["location"]) == (303, f"{HERE}/insights")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert SECRET not in cookie
    assert token.is_held({"Cookie": cookie.partition(";")[0]})


@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], "x" * MAX_BODY_BYTES, SECRET.upper()])
def test_a_wrong_token_gives_nothing(client: TestClient, given: str) -> None:
    response = client.post(PATH, data={"token": given}, headers={"Origin": HERE})

    asks_again = f"{HERE}/insights?token=refused"
    assert (response.status_code, response.headers["location"]) == (303, asks_again)
    assert "set-cookie" not in response.headers


def test_a_form_of_another_site_is_refused(client: TestClient) -> None:
    headers = {"Origin": "https://elsewhere.example"}

    response = client.post(PATH, data={"token": SECRET}, headers=headers)

    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_a_program_sends_the_token_as_its_bearer(token: DashboardToken) -> None:
    assert token.is_held({"authorization": f"Bearer {SECRET}"})
    assert not token.is_held({"authorization": "Bearer "})
    assert not token.is_held({"authorization": SECRET})


def test_a_cookie_of_another_token_or_of_another_purpose_is_worth_nothing(
    token: DashboardToken,
) -> None:
    other = DashboardToken("another-token-of-the-owner").write_cookie()
    of_sessions = URLSafeTimedSerializer(SECRET, salt="sessions").dumps("holder")

    for value in (other, of_sessions, "", "holder", f"{token.write_cookie()}x"):
        assert not token.is_held({"cookie": f"{COOKIE}={value}"})
    assert not token.is_held({})
