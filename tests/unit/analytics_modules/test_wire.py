"""The exact bytes that each tool gets for every key event: `wire/<tool>.json`.

`python -m tests.unit.analytics_modules.test_wire` writes the files again, to be read before
they are committed.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics.testing import Answer, Received, RecordingServer, key_events
from tests.unit.analytics_modules.section import at, backend, close_backends

FOLDER = Path(__file__).parent / "wire"
NOW = datetime(2026, 11, 23, 9, 30, 1, tzinfo=UTC)
HEADERS = ("api-key", "authorization", "content-type", "dd-api-key", "x-forwarded-for")
ADDRESS = "URL"
NEW_RELIC = {
    "endpoint": "bam.nr-data.net",
    "accountId": "12",
    "applicationId": "34",
    "licenseKey": "k",
}
WEBSITE = "b4d5fc7c-2f44-4a39-9a5c-53c8f0e2c9d1"
SECTIONS: dict[str, dict[str, Any]] = {
    "amplitude": {"apiKey": "k", "host": ADDRESS},
    "azureInsights": {"connectionString": f"InstrumentationKey=k;IngestionEndpoint={ADDRESS}"},
    "datadog": {"apiKey": "k", "env": "prod", "version": "1.2", "intake": ADDRESS},
    "dynatrace": {"environment": ADDRESS, "apiToken": "t"},
    "ga": {"trackingId": "UA-1-1", "endpoint": ADDRESS},
    "ga4": {"measurementId": "G-1", "apiSecret": "s", "endpoint": ADDRESS},
    "generic": {"host": ADDRESS, "bearerAuthToken": "t"},
    "matomo": {"host": ADDRESS, "siteId": 3, "tokenAuth": "t"},
    "newRelic": {**NEW_RELIC, "ingestKey": "k", "collector": ADDRESS},
    "mixpanel": {"token": "t", "host": ADDRESS},
    "plausible": {"domain": "portal.example.com", "host": ADDRESS},
    "posthog": {"apiKey": "k", "host": ADDRESS},
    "segment": {"writeKey": "k", "host": ADDRESS},
    "snowplow": {"collector": ADDRESS},
    "umami": {"websiteId": WEBSITE, "host": ADDRESS},
}


def requests_of(tool: str, identity: str) -> list[dict[str, Any]]:
    """The requests that the key events make."""
    with RecordingServer(Answer(200, {"status": "success", "tracked": 6})) as server:
        given = {
            key: it.replace(ADDRESS, server.url) if isinstance(it, str) else it
            for key, it in SECTIONS[tool].items()
        }
        api = at(NOW, backend(tool, {**given, "identity": identity}))
        api.capture_events(key_events())
        return [_shown(request) for request in server.requests]


def _shown(request: Received) -> dict[str, Any]:
    text = request.body.decode()
    return {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": {name: request.headers[name] for name in HEADERS if name in request.headers},
        "body": text.split("\n") if "\n" in text else text,
    }


@pytest.mark.parametrize("identity", ["disabled", "optional"])
@pytest.mark.parametrize("tool", SECTIONS)
def test_every_key_event_to_the_byte(tool: str, identity: str) -> None:
    expected = json.loads((FOLDER / f"{tool}.json").read_text(encoding="utf-8"))

    assert requests_of(tool, identity) == expected[identity]


def write() -> None:
    """Write what is sent now."""
    for tool in SECTIONS:
        found = {identity: requests_of(tool, identity) for identity in ("disabled", "optional")}
        text = json.dumps(found, indent=2, ensure_ascii=False)
        (FOLDER / f"{tool}.json").write_text(f"{text}\n", encoding="utf-8")
    close_backends()


if __name__ == "__main__":
    write()
