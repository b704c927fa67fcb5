from datetime import timedelta
from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.catalog.settings import CatalogSettings


def read(catalog: dict[str, Any] | None) -> CatalogSettings:
    return CatalogSettings.read(Config({} if catalog is None else {"catalog": catalog}))


def test_without_a_section_the_sources_are_read_every_100_seconds() -> None:
    settings = read(None)

    assert settings.list_locations() == []
    assert settings.processing_interval
    assert settings.processing_interval.span == timedelta(seconds=100)
    assert (settings.orphan_strategy, settings.readonly) == ("keep", False)


def test_a_section_is_written_as_in_backstage() -> None:
    settings = read(
        {
            "locations": [
                {"type": "file", "target": "a.yaml"},
                {"type": "url", "target": "https://x", "rules": [{"allow": ["User"]}]},
            ],
            "rules": [{"allow": ["Component"]}, {"allow": ["API", "Location"]}],
            "orphanStrategy": "delete",
            "readonly": True,
            "processingInterval": {"minutes": 5, "seconds": 30},
            "captureEvents": ["star"],
        }
    )

    first, second = settings.list_locations()
    assert first.allows("component")
    assert first.allows("API")
    assert not first.allows("User")
    assert second.allows("user")
    assert not second.allows("Component")
    assert settings.processing_interval
    assert settings.processing_interval.span == timedelta(minutes=5, seconds=30)
    assert settings.capture_events == ("star",)


def test_the_sources_may_be_read_once() -> None:
    assert read({"processingInterval": False}).processing_interval is False


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"location": []}, "catalog.location"),
        ({"orphanStrategy": "lose"}, "keep"),
        ({"processingInterval": {"weeks": 1}}, "catalog.processingInterval"),
        ({"captureEvents": ["stars"]}, "catalog.captureEvents"),
        ({"readonly": "perhaps"}, "catalog.readonly"),
        ({"locations": "a.yaml"}, "catalog.locations"),
    ],
)
def test_a_wrong_key_or_value_is_named(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(section)

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([{"allow": "Component"}], "catalog.rules[0]"),
        ([{"allow": ["API"]}, {"deny": ["API"]}], "catalog.rules[1]"),
        ([{"allow": [1]}], "catalog.rules[0]"),
    ],
)
def test_a_wrong_rule_is_named(rules: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(CatalogConfigError) as raised:
        read({"rules": rules}).list_locations()

    assert raised.value.path == path
