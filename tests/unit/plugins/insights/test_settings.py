from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.insights.settings import InsightsSettings


def read(**section: Any) -> InsightsSettings:
    return InsightsSettings.from_config(Config({"insights": section}))


def test_nothing_has_a_price_and_days_are_those_of_utc_unless_the_owner_says() -> None:
    assert read() == InsightsSettings(None, "EUR", "UTC")
    assert read(hourlyRate=850, currency="NOK", timeZone="Europe/Oslo") == InsightsSettings(
        850, "NOK", "Europe/Oslo"
    )


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ({"timeZone": "Mars/Base"}, "insights.timeZone"),
        ({"hourlyRate": -1}, "insights.hourlyRate"),
        ({"hourlyRate": "much"}, "insights.hourlyRate"),
        ({"hourlyrate": 1}, "hourlyrate"),
    ],
)
def test_a_wrong_key_or_value_is_named(section: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        read(**section)
