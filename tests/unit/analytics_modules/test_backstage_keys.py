"""Every key of Backstage's own modules is accepted.

Those of the `config.d.ts` of the modules in backstage/community-plugins
(workspaces/analytics), quantummetric/analytics-module-qm and
pfeifferj/backstage-plugin-analytics-generic, read in November 2026.
"""

from typing import Any

import pytest

from tests.unit.analytics_modules.section import tool

COMMON = {"identity": "optional", "debug": True, "testMode": True}
SECTIONS: dict[str, dict[str, Any]] = {
    "ga": {
        **COMMON,
        "trackingId": "UA-0-0",
        "scriptSrc": "https://example.com/analytics.js",
        "virtualSearchPageView": {
            "mode": "only",
            "mountPath": "/search",
            "searchQuery": "query",
            "categoryQuery": "sc",
        },
        "customDimensionsMetrics": [
            {"type": "dimension", "index": 1, "source": "context", "key": "pluginId"}
        ],
    },
    "ga4": {
        **COMMON,
        "measurementId": "G-0",
        "cookieFlags": "SameSite=Lax",
        "enableSendPageView": True,
        "contentGrouping": "routeRef",
        "allowedContexts": ["*"],
        "allowedAttributes": ["to"],
    },
    "matomo": {
        "host": "matomo.example.com",
        "siteId": "1",
        "identity": "required",
        "sendPlainUserId": True,
        "enhancedTracking": True,
        "deferInitialPageView": True,
    },
    "newRelic": {
        "endpoint": "bam.eu01.nr-data.net",
        "accountId": "1",
        "applicationId": "2",
        "licenseKey": "NRJS-0",
        "distributedTracingEnabled": True,
        "cookiesEnabled": True,
        "sessionReplay": {
            "enabled": True,
            "samplingRate": 10,
            "errorSamplingRate": 100,
            "maskTextSelector": "*",
            "maskAllInputs": False,
            "collectFonts": True,
            "blockSelector": ".secret",
        },
    },
    "segment": {
        "writeKey": "k",
        "testMode": False,
        "maskIP": True,
        "appVersion": "1.2.3",
        "backstageVersion": "1.40.0",
    },
    "qm": {
        "enabled": True,
        "debug": True,
        "test": True,
        "src": "https://cdn.quantummetric.com/qscripts/x.js",
        "async": 1,
        "attributes": [{"name": "team", "value": "portal"}],
        "events": {
            "mappings": [{"name": "search", "id": 12}, {"name": "click", "id": "13"}],
            "attributes": [{"name": "stage", "value": True}],
        },
    },
    "generic": {
        "debug": False,
        "host": "https://events.example.com",
        "interval": 30,
        "basicAuthToken": "t",
        "bearerAuthToken": "t",
        "includeTeamMetadata": True,
    },
}


@pytest.mark.parametrize("name", SECTIONS)
def test_every_key_is_accepted(name: str) -> None:
    assert tool(name, SECTIONS[name]).name == name
