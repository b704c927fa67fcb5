from datetime import timedelta

import pytest

from backstage_py.analytics.config.configuration import Config, ConfigSource
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.retention.retention import Retention
from tests.unit.analytics.recorded import NOON


def retention(section: object) -> Retention:
    values = {"retention": section}
    return Retention.from_config(
        Config(values, (ConfigSource("app-config.yaml", values),)).section("retention")
    )


def test_without_a_section_everything_stays() -> None:
    assert Retention.from_config(Config()).rules(NOON) == []


def test_an_action_has_its_own_age_and_all_others_the_default() -> None:
    given = {"default": "400d", "actions": {"click": "12h"}, "owedAtMost": "2w"}

    click, others = retention(given).rules(NOON)

    assert (click.action, click.before) == ("click", NOON - timedelta(hours=12))
    assert click.at_any_rate == NOON - timedelta(hours=12, weeks=2)
    assert (others.action, others.but_for) == (None, ("click",))
    assert others.before == NOON - timedelta(days=400)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"default": "400"}, r'retention.default \(app-config.yaml\): is "400". Use hours, days'),
        ({"default": 400}, r"retention.default \(app-config.yaml\): is 400. Use hours"),
        ({"default": "0d"}, 'is "0d"'),
        ({"actions": {"click": "soon"}}, r"retention.actions.click \(app-config.yaml\)"),
        ({"defaults": "1d"}, "Did you mean default?"),
    ],
)
def test_a_wrong_age_is_one_clear_error(section: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        retention(section)
