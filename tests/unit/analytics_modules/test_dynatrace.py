from typing import Any

import pytest

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    outcomes,
)
from tests.unit.analytics_modules.section import backend, tool

TOKEN = "dt0c01.t0ken"


def dynatrace(address: str, **section: Any) -> AnalyticsApi:
    return backend("dynatrace", {"environment": address, "apiToken": TOKEN, **section})


class TestConformance(BackendConformance):
    secrets = (TOKEN,)

    def make_backend(self, address: str) -> AnalyticsApi:
        return dynatrace(address, identity="optional", userIdTransform="none")


def test_a_400_names_the_events_that_are_invalid_and_the_others_are_taken(
    server: RecordingServer,
) -> None:
    server.answer(400, {"errors": [{"index": 1, "id": "x", "message": "no type"}]})

    first, second, third = outcomes(dynatrace(server.url), [an_event() for _ in range(3)])

    assert (first, third) == (None, None)
    assert isinstance(second, RejectedError)
    assert second.reason == "Dynatrace: no type"
    assert len(server.requests) == 1


def test_the_data_are_flat(server: RecordingServer) -> None:
    dynatrace(server.url).capture_event(an_event(user=None))

    data = server.requests[0].json()[0]["data"]
    assert not [value for value in data.values() if isinstance(value, dict)]
    assert data["context.pluginId"] == "catalog"
    assert "user.id" not in data


def test_a_request_has_a_megabyte(server: RecordingServer) -> None:
    large = {f"key{number}": "x" * 4_000 for number in range(7)}

    dynatrace(server.url).capture_events([an_event(attributes=large) for _ in range(50)])

    assert len(server.requests) == 2
    assert max(len(request.body) for request in server.requests) <= 1_000_000


def test_a_wrong_section_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("dynatrace", {"environment": "abc12345", "apiToken": TOKEN})

    assert str(error.value) == (
        'app.analytics.dynatrace.environment (app-config.yaml): is "abc12345". '
        "Use the address of the environment, as https://abc12345.live.dynatrace.com"
    )
