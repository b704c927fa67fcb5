from typing import Any

import pytest

from backstage_py.analytics import BrowserAnalyticsApi, ConfigurationError, use_people
from backstage_py.analytics.backends.people import get_people
from tests.unit.analytics_modules.section import tool

VENDOR = "https://cdn.quantummetric.com/instrumentation/qm.js"


def settings(**section: Any) -> Any:
    tag = tool("qm", {"enabled": True, "src": VENDOR, **section}).api.browser_tag
    assert tag is not None
    return tag.settings


@pytest.mark.parametrize("name", ["qm", "quantumMetric"])
def test_both_names_are_known(name: str) -> None:
    assert isinstance(tool(name, {"enabled": True}).api, BrowserAnalyticsApi)


def test_what_the_tag_is_started_with() -> None:
    found = settings(
        events={
            "mappings": [{"name": "click", "id": 5}, {"name": "search", "id": "6"}],
            "attributes": [{"name": "team", "value": "portal"}],
        },
        attributes=[{"name": "stage", "value": 2}],
        debug=True,
    )

    assert found == {
        "src": VENDOR,
        "async": False,
        "test": False,
        "debug": True,
        "mappings": [{"name": "click", "id": 5}, {"name": "search", "id": "6"}],
        "attributes": {"team": "portal", "stage": 2},
    }


def test_nothing_is_loaded_where_it_is_not_enabled() -> None:
    assert tool("qm", {"enabled": False, "src": VENDOR}).api.browser_tag is None


def test_a_script_of_another_host_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    settings()
    assert not caplog.text

    settings(src="https://example.com/cdn.quantummetric.com.js")

    assert "is not on cdn.quantummetric.com" in caplog.text


def test_a_user_is_known_by_the_address_of_the_profile() -> None:
    class Everybody:
        def email_of(self, user: str) -> str | None:
            return "ada@example.com" if user == "user:default/ada" else None

        def groups_of(self, user: str) -> list[dict[str, Any]]:
            return []

    found = tool("qm", {"enabled": True, "identity": "optional"})
    before = get_people()
    use_people(Everybody())
    try:
        assert found.identity.user_id("user:default/ada") == "ada@example.com"
        assert found.identity.user_id("user:default/bob") is None
    finally:
        use_people(before)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.qm.enabled (app-config.yaml): is missing. "
                "Give true, or false to load and send nothing"
            ),
        ),
        (
            {"enabled": True, "events": {"mappings": [{"name": "click"}]}},
            (
                "app.analytics.qm.events.mappings[0].id (app-config.yaml): is missing. "
                "Give the id of the event in Quantum Metric"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("qm", section)

    assert str(error.value) == message
