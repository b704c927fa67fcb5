import json
import subprocess
import sys

import pytest
from reflex_base.plugins.base import Plugin

from backstage_py.analytics import AnalyticsPlugin
from backstage_py.analytics.compile import dashboard
from backstage_py.analytics.ingest.addresses import DEFAULT_ADDRESSES
from backstage_py.insights.ui import host as hosting
from tests.conftest import PROJECT

pytestmark = pytest.mark.usefixtures("memos_as_they_were")


def test_the_endpoint_has_to_be_a_path() -> None:
    with pytest.raises(ValueError, match=r"endpoint='api/events'.*beginning with /"):
        AnalyticsPlugin(endpoint="api/events")


def test_the_metrics_may_be_nowhere_but_not_off_the_path() -> None:
    assert AnalyticsPlugin().metrics_endpoint is None
    with pytest.raises(ValueError, match=r"metrics_endpoint='metrics'.*beginning with /"):
        AnalyticsPlugin(metrics_endpoint="metrics")


def test_the_browser_gets_the_endpoint_the_rules_and_nothing_else() -> None:
    privacy = {"signals": ["globalPrivacyControl", "doNotTrack"], "unasked": "on"}

    assert AnalyticsPlugin(name_icons=False).update_env_json() == {
        "ANALYTICS": {
            "endpoint": "/api/events",
            "privacy": privacy,
            "addresses": DEFAULT_ADDRESSES.for_browser(),
            "nameIcons": False,
        }
    }


def test_the_browser_gets_the_version_of_its_events() -> None:
    told = AnalyticsPlugin(app_version="2.4.0").update_env_json()

    assert told["ANALYTICS"]["appVersion"] == "2.4.0"


def test_the_browser_knows_the_pages_that_are_not_recorded() -> None:
    told = AnalyticsPlugin(insights="/insights").update_env_json()

    assert told["ANALYTICS"]["ignored"] == "/insights"


@pytest.mark.parametrize("path", ["insights", "/"])
def test_the_dashboard_has_a_path_of_its_own(path: str) -> None:
    with pytest.raises(ValueError, match=r"AnalyticsPlugin\(insights="):
        AnalyticsPlugin(insights=path)


def test_an_older_reflex_cannot_add_the_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Plugin, "register_route")

    AnalyticsPlugin()
    with pytest.raises(ValueError, match=r"use Reflex 0\.10 or newer"):
        AnalyticsPlugin(insights="/insights")


def test_the_dashboard_without_its_extra_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dashboard, "find_spec", lambda name: None if name == "duckdb" else name)

    with pytest.raises(SystemExit) as stopped:
        AnalyticsPlugin(insights="/insights").register_route(add_page=lambda *_, **__: None)

    expected = "AnalyticsPlugin(insights='/insights') needs duckdb: "
    assert str(stopped.value) == f'{expected}run pip install "backstage_py[insights]"'


def test_the_dashboard_adds_its_pages_below_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    added: dict[str, str] = {}
    monkeypatch.setattr(hosting.Hosting, "host", None)

    def add_page(_page: object, *, route: str, title: str, on_load: object) -> None:
        assert on_load
        added[route] = title

    AnalyticsPlugin(insights="/insights").register_route(add_page=add_page)

    below = [
        *("pages", "search", "changes", "paths", "funnels", "experience", "explorer"),
        *("dashboards", "live", "instrumentation"),
    ]
    assert list(added) == ["/insights", *(f"/insights/{name}" for name in below)]
    assert added["/insights"] == "Insights: Overview"


@pytest.mark.parametrize(
    ("route", "is_own"),
    [("insights", True), ("insights/live", True), ("insights-of-ours", False), ("index", False)],
)
def test_only_the_dashboard_s_pages_are_left_alone(route: str, *, is_own: bool) -> None:
    assert dashboard.is_below(route, "/insights") == is_own
    assert not dashboard.is_below(route, None)


def test_a_bare_app_pays_nothing_for_errors_and_web_vitals() -> None:
    shipped = {path.name: text for path, text in AnalyticsPlugin().get_static_assets()}

    assert str(shipped["measures.js"]).splitlines()[1:] == ["export {};"]
    assert not {"errors.js", "web_vitals.js"} & shipped.keys()
    assert AnalyticsPlugin().get_frontend_dependencies() == []
    assert "web-vital" not in str(shipped["instrumentation.json"])


def test_errors_and_web_vitals_are_shipped_where_they_are_asked_for() -> None:
    plugin = AnalyticsPlugin(errors=True, web_vitals=True)
    shipped = {path.name: str(text) for path, text in plugin.get_static_assets()}

    assert {"errors.js", "web_vitals.js"} <= shipped.keys()
    assert 'import "./errors";' in shipped["measures.js"]
    assert 'import("./web_vitals")' in shipped["measures.js"]  # a chunk of its own
    assert [one.partition("@")[0] for one in plugin.get_frontend_dependencies()] == ["web-vitals"]
    listed = {one["action"]: one for one in json.loads(shipped["instrumentation.json"])["captures"]}
    assert listed["web-vital"]["hasValue"]
    events = (PROJECT / "docs" / "events.md").read_text(encoding="utf-8")
    for action in ("error", "web-vital"):
        [row] = [line for line in events.splitlines() if line.startswith(f"| `{action}` |")]
        assert all(f"`{name}`" in row for name in listed[action]["attributes"]), row


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
