import json
import subprocess
import sys

import pytest

from backstage_py.analytics import AnalyticsPlugin
from backstage_py.analytics.ingest.addresses import DEFAULT_ADDRESSES

pytestmark = pytest.mark.usefixtures("memos_as_they_were")


def test_the_endpoint_has_to_be_a_path() -> None:
    with pytest.raises(ValueError, match=r"endpoint='api/events'.*beginning with /"):
        AnalyticsPlugin(endpoint="api/events")


def test_the_metrics_may_be_nowhere_but_not_off_the_path() -> None:
    assert AnalyticsPlugin().metrics_endpoint is None
    with pytest.raises(ValueError, match=r"metrics_endpoint='metrics'.*beginning with /"):
        AnalyticsPlugin(metrics_endpoint="metrics")


def test_the_browser_is_told_the_endpoint_the_rules_and_nothing_else() -> None:
    privacy = {"signals": ["globalPrivacyControl", "doNotTrack"], "unasked": "on"}

    assert AnalyticsPlugin(name_icons=False).update_env_json() == {
        "ANALYTICS": {
            "endpoint": "/api/events",
            "privacy": privacy,
            "addresses": DEFAULT_ADDRESSES.for_browser(),
            "nameIcons": False,
        }
    }


def test_the_browser_is_told_the_version_that_its_events_are_of() -> None:
    told = AnalyticsPlugin(app_version="2.4.0").update_env_json()

    assert told["ANALYTICS"]["appVersion"] == "2.4.0"


def test_every_module_of_the_browser_is_shipped_with_the_table_of_routes() -> None:
    shipped = {path.name for path, _ in AnalyticsPlugin().get_static_assets()}

    assert {
        "tracker.js",
        "outbox.js",
        "context.js",
        "navigation.js",
        "link.js",
        "routes.js",
    } <= shipped


def test_rxconfig_does_not_load_the_heavy_half() -> None:
    script = """
import json, sys
from backstage_py.analytics import AnalyticsPlugin
AnalyticsPlugin()
heavy = ("sqlmodel", "sqlalchemy", "reflex.app")
print(json.dumps([name for name in heavy if name in sys.modules]))
"""

    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )

    assert json.loads(run.stdout) == []
