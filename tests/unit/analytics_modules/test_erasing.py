"""The exact erasure requests to tools, and the meaning of their responses."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from backstage_py.analytics import (
    AnalyticsApi,
    CannotEraseError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.testing import Answer, Received, RecordingServer
from tests.unit.analytics_modules.section import backend

WIRE = Path(__file__).parent / "wire" / "erasing.json"
USER = "user:default/ada"
ADDRESS = "URL"
SECTIONS: dict[str, dict[str, Any]] = {
    "amplitude": {"apiKey": "k", "secretKey": "s", "appHost": ADDRESS},
    "matomo": {"host": ADDRESS, "siteId": 3, "tokenAuth": "t0ken"},
    "mixpanel": {"token": "t", "erasureToken": "e", "appHost": ADDRESS},
    "posthog": {"apiKey": "k", "host": ADDRESS, "personalApiKey": "phx", "projectId": 12},
    "segment": {"writeKey": "k", "publicApiToken": "sgp", "publicApi": ADDRESS},
}
WITHOUT_A_KEY: dict[str, dict[str, Any]] = {
    "amplitude": {"apiKey": "k"},
    "mixpanel": {"token": "t"},
    "matomo": {"host": "http://x", "siteId": 3},
    "posthog": {"apiKey": "k", "personalApiKey": "phx"},
    "segment": {"writeKey": "k"},
    "ga4": {"measurementId": "G-1", "apiSecret": "s"},
    "snowplow": {"collector": "http://x"},
    "generic": {"host": "http://x"},
}
VISITS = [{"idSite": 3, "idVisit": 17, "visitIp": "0.0.0.0"}, {"idSite": 3, "idVisit": 18}]


def matomo(visits: list[Any]) -> Any:
    """Matomo with these visits, until they are deleted."""

    def answer(request: Received) -> Answer:
        method = dict(parse_qsl(request.body.decode()))["method"]
        if method == "PrivacyManager.findDataSubjects":
            return Answer(200, visits)
        visits.clear()
        return Answer(200, {"log_visit": 2})

    return answer


def tool(name: str, server: RecordingServer) -> AnalyticsApi:
    given = {key: server.url if it == ADDRESS else it for key, it in SECTIONS[name].items()}
    return backend(name, {**given, "identity": "optional", "userIdTransform": "none"})


def asked(name: str) -> list[dict[str, Any]]:
    usual = matomo(list(VISITS)) if name == "matomo" else Answer(200, {})
    with RecordingServer(usual) as server:
        tool(name, server).erase_user(USER)
        return [
            {
                "method": request.method,
                "path": request.path,
                "authorization": request.headers.get("authorization"),
                "type": request.headers["content-type"],
                "body": request.body.decode(),
            }
            for request in server.requests
        ]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_tool_is_asked_as_its_documentation_says(name: str) -> None:
    assert asked(name) == json.loads(WIRE.read_text(encoding="utf-8"))[name]


def test_a_user_without_visits_counts_as_erased() -> None:
    with RecordingServer(Answer(200, [])) as server:
        tool("matomo", server).erase_user(USER)

        assert len(server.requests) == 1


def test_matomos_errors_which_it_calls_successes_are_tried_again() -> None:
    error = {"result": "error", "message": "You can't access this resource"}
    with RecordingServer(Answer(200, error)) as server:
        with pytest.raises(RetryLaterError, match="You can't access this resource"):
            tool("matomo", server).erase_user(USER)
        server.usual = Answer(200, "<html>")
        with pytest.raises(RetryLaterError, match="did not answer in JSON"):
            tool("matomo", server).erase_user(USER)


def test_a_person_unknown_to_posthog_counts_as_erased() -> None:
    with RecordingServer(Answer(400, {"detail": "distinct_ids matched no person"})) as server:
        tool("posthog", server).erase_user(USER)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_tool_that_is_down_is_asked_again_and_its_secrets_are_not_shown(name: str) -> None:
    down = RecordingServer(Answer(503, "t0ken phx sgp"))
    with down as server, pytest.raises(RetryLaterError) as error:
        tool(name, server).erase_user(USER)

    secrets = {key: value for key, value in SECTIONS[name].items() if key.endswith(("n", "y", "h"))}
    assert not any(str(secret) in error.value.reason.split() for secret in secrets.values())


@pytest.mark.parametrize("name", ["posthog", "segment"])
def test_a_refusal_is_final(name: str) -> None:
    with RecordingServer(Answer(422, "no")) as server, pytest.raises(RejectedError):
        tool(name, server).erase_user(USER)


@pytest.mark.parametrize("name", WITHOUT_A_KEY)
def test_a_tool_without_a_way_or_a_key_says_so(name: str) -> None:
    with pytest.raises(CannotEraseError):
        backend(name, WITHOUT_A_KEY[name]).erase_user(USER)


def test_posthogs_private_api_is_beside_its_public_one() -> None:
    api: Any = backend("posthog", {"apiKey": "k", "host": "https://eu.i.posthog.com"})

    assert api.api._api_host == "https://eu.posthog.com"


if __name__ == "__main__":
    WIRE.write_text(json.dumps({name: asked(name) for name in SECTIONS}, indent=2) + "\n")
