from datetime import UTC, datetime
from typing import Any

import pytest

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import at, backend, tool

KEY = "api-key-0f-datadog"
RUM = {"applicationId": "a-1", "clientToken": "pub-1"}
CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def datadog(address: str, **section: Any) -> AnalyticsApi:
    return at(CAPTURED, backend("datadog", {"apiKey": KEY, "intake": address, **section}))


class TestConformance(BackendConformance):
    secrets = (KEY,)

    def make_backend(self, address: str) -> AnalyticsApi:
        return datadog(address, identity="optional", userIdTransform="none")


def test_a_log_has_the_page_that_it_is_of(server: RecordingServer) -> None:
    datadog(server.url).capture_events(key_events()[:2])

    page = "https://portal.example.com/catalog/default/component/petstore?tab=docs#top"
    assert [log["http"]["url"] for log in server.requests[0].json()] == [page, page]


def test_a_request_has_a_thousand_logs_of_18_hours(server: RecordingServer) -> None:
    old = an_event(timestamp=datetime(2026, 11, 22, 15, tzinfo=UTC))

    found = outcomes(datadog(server.url), [old, *(an_event() for _ in range(1_001))])

    assert isinstance(found[0], RejectedError)
    assert [len(request.json()) for request in server.requests] == [1_000, 1]


@pytest.mark.parametrize(
    ("site", "script", "intake"),
    [
        ("datadoghq.com", "us1/v6/datadog-rum.js", "browser-intake-datadoghq.com"),
        ("us5.datadoghq.com", "us5/v6/datadog-rum.js", "browser-intake-us5-datadoghq.com"),
        ("datadoghq.eu", "eu1/v6/datadog-rum.js", "browser-intake-datadoghq.eu"),
        ("ddog-gov.com", "datadog-rum-v6.js", "browser-intake-ddog-gov.com"),
    ],
)
def test_each_site_has_its_script_and_its_intake(site: str, script: str, intake: str) -> None:
    api = tool("datadog", {**RUM, "site": site}).api

    assert not api.is_delivered
    assert api.browser_tag is not None
    cdn = "https://www.datadoghq-browser-agent.com"
    assert api.browser_tag.settings["scriptSrc"] == f"{cdn}/{script}"
    assert api.browser_tag.list_sources() == [cdn, f"https://{intake}"]


def test_the_browser_gets_no_secret() -> None:
    api = tool("datadog", {**RUM, "apiKey": KEY, "tag": True}).api

    assert api.is_delivered
    assert api.browser_tag is not None
    assert KEY not in str(api.browser_tag.settings)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.datadog (app-config.yaml): is wrong. Give apiKey to send from "
                "the server, or applicationId and clientToken for RUM"
            ),
        ),
        (
            {"tag": False},
            ("app.analytics.datadog (app-config.yaml): is wrong. Give apiKey, or let the tag send"),
        ),
        (
            {"apiKey": KEY, "site": "datadog.com"},
            (
                'app.analytics.datadog.site (app-config.yaml): is "datadog.com". '
                "Use a site of Datadog, as datadoghq.eu"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("datadog", section)

    assert str(error.value) == message
