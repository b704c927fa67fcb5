from datetime import UTC, datetime
from typing import Any

import pytest

from backstage_py.analytics import (
    AnalyticsApi,
    ConfigurationError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import at, backend, tool

KEY = "0f-azure-1nsights"
CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def azure(address: str, **section: Any) -> AnalyticsApi:
    text = f"InstrumentationKey={KEY};IngestionEndpoint={address}/;LiveEndpoint=https://live/"
    return at(CAPTURED, backend("azureInsights", {"connectionString": text, **section}))


class TestConformance(BackendConformance):
    secrets = (KEY,)

    def make_backend(self, address: str) -> AnalyticsApi:
        return azure(address, identity="optional", userIdTransform="none")


def test_a_206_names_the_envelopes_that_were_not_taken(server: RecordingServer) -> None:
    errors = [
        {"index": 0, "statusCode": 400, "message": "invalid"},
        {"index": 2, "statusCode": 439, "message": "quota"},
    ]
    server.answer(206, {"itemsReceived": 3, "itemsAccepted": 1, "errors": errors})

    refused, taken, later = outcomes(azure(server.url), [an_event() for _ in range(3)])

    assert isinstance(refused, RejectedError)
    assert refused.reason == "Application Insights: 400 invalid"
    assert taken is None
    assert isinstance(later, RetryLaterError)


@pytest.mark.parametrize("status", [402, 439])
def test_a_quota_that_is_used_up_costs_no_event(server: RecordingServer, status: int) -> None:
    server.answer(status, {"itemsReceived": 1, "itemsAccepted": 0, "errors": []})

    (outcome,) = outcomes(azure(server.url), [an_event()])

    assert isinstance(outcome, RetryLaterError)


def test_a_page_view_is_named_by_its_path(server: RecordingServer) -> None:
    azure(server.url).capture_events(key_events()[:2])

    view, click = (one["data"] for one in server.requests[0].json())
    assert (view["baseType"], click["baseType"]) == ("PageViewData", "EventData")
    assert view["baseData"]["name"] == "/catalog/default/component/petstore"
    assert view["baseData"]["url"].startswith("https://portal.example.com/catalog/")
    assert click["baseData"]["name"] == "click"


def test_properties_are_texts_and_the_value_is_a_measurement(server: RecordingServer) -> None:
    azure(server.url).capture_event(an_event(value=2, attributes={"n": 1, "is": True}))

    data = server.requests[0].json()[0]["data"]["baseData"]
    assert data["measurements"] == {"value": 2}
    assert (data["properties"]["attributes_n"], data["properties"]["attributes_is"]) == (
        "1",
        "true",
    )


def test_names_and_texts_are_cut_and_old_events_given_up(server: RecordingServer) -> None:
    old = an_event(timestamp=datetime(2026, 11, 20, tzinfo=UTC))
    long = an_event(attributes={"k" * 128: "x" * 4_000})

    taken, refused = outcomes(azure(server.url), [long, old])

    assert taken is None
    assert isinstance(refused, RejectedError)
    assert "older than 48 hours" in refused.reason


@pytest.mark.parametrize("text", ["", "Key=1", "IngestionEndpoint=https://x"])
def test_a_connection_string_has_a_key(text: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("azureInsights", {"connectionString": text})

    assert str(error.value) == (
        "app.analytics.azureInsights.connectionString (app-config.yaml): is a string that is "
        "not shown here. Use the resource's connection string, out of the environment"
    )


def test_without_an_endpoint_it_is_the_global_one() -> None:
    api: Any = tool("azureInsights", {"connectionString": "InstrumentationKey=k"}).api

    assert api._address == "https://dc.services.visualstudio.com/v2.1/track"
