from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.analytics.config.configuration import ConfigSource
from backstage_py.insights.ui.settings import DisplaySettings


def read(**section: Any) -> DisplaySettings:
    values = {"insights": section}
    config = Config(values, (ConfigSource("app-config.yaml", values),))
    return DisplaySettings.from_config(config.section("insights"))


def test_nothing_has_a_price_and_days_are_those_of_utc_unless_the_owner_says() -> None:
    unset = read()
    assert (unset.rate, unset.currency, unset.zone) == (None, "EUR", "UTC")
    given = read(hourlyRate=850, currency="NOK", timeZone="Europe/Oslo")
    assert (given.rate, given.currency, given.zone) == (850, "NOK", "Europe/Oslo")


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {"timeZone": "Mars/Base"},
            (
                'insights.timeZone (app-config.yaml): is "Mars/Base". '
                "Use the name of a time zone, as Europe/Oslo"
            ),
        ),
        (
            {"hourlyRate": -1},
            "insights.hourlyRate (app-config.yaml): is -1. Use a number, 0 or more",
        ),
        (
            {"hourlyRate": True},
            "insights.hourlyRate (app-config.yaml): is true. Use a number, 0 or more",
        ),
        (
            {"hourlyrate": 1},
            "insights.hourlyrate (app-config.yaml): is not a known key. Did you mean hourlyRate?",
        ),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_file(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(**section)

    assert str(raised.value) == message
