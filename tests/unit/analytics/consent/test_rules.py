import itertools

import pytest

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.consent.rules import Choice, PrivacySettings
from backstage_py.analytics.errors import ConfigurationError

ASSUMED = PrivacySettings()
ASKED = PrivacySettings(consent="asked")


@pytest.mark.parametrize(
    ("settings", "choice", "has_signal", "is_recorded"),
    [
        (ASSUMED, None, False, True),
        (ASSUMED, None, True, False),
        (ASKED, None, False, False),
        (ASKED, None, True, False),
        (ASKED, Choice.ON, False, True),
        (ASSUMED, Choice.ON, True, False),
        (ASSUMED, Choice.REGARDLESS, True, True),
        (ASKED, Choice.REGARDLESS, False, True),
    ],
)
def test_a_persons_word_goes_before_the_signal_and_that_before_the_owners_rule(
    *, settings: PrivacySettings, choice: Choice | None, has_signal: bool, is_recorded: bool
) -> None:
    assert settings.lets(choice, has_signal=has_signal) is is_recorded


def test_a_no_is_a_no_whatever_else_is_said() -> None:
    for settings, has_signal in itertools.product((ASSUMED, ASKED), (True, False)):
        assert not settings.lets(Choice.OFF, has_signal=has_signal)


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"sec-gpc": "1"}, {"Sec-GPC": " 1 "}])
def test_both_signals_are_honoured_in_any_case(headers: dict[str, str]) -> None:
    assert ASSUMED.has_signal(headers)


@pytest.mark.parametrize("headers", [{}, {"DNT": "0"}, {"Sec-GPC": "0"}, {"X-DNT": "1"}])
def test_anything_else_is_not_a_signal(headers: dict[str, str]) -> None:
    assert not ASSUMED.has_signal(headers)


def test_the_owner_may_ignore_one_and_honour_the_other() -> None:
    settings = PrivacySettings.model_validate({"doNotTrack": "ignore"})

    assert not settings.has_signal({"DNT": "1"})
    assert settings.has_signal({"Sec-GPC": "1"})
    assert settings.for_browser() == {"signals": ["globalPrivacyControl"], "unasked": "on"}


def test_a_wrong_rule_names_its_key() -> None:
    section = Config({"app": {"analytics": {"privacy": {"consent": "maybe"}}}})

    with pytest.raises(
        ConfigurationError, match=r"app\.analytics\.privacy\.consent.*assumed or asked"
    ):
        PrivacySettings.from_config(section.section("app.analytics.privacy"))
