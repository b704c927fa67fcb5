import pytest
from sqlalchemy import Engine

from backstage_py.plugins.settings.api import SettingError, UserSettings
from backstage_py.plugins.settings.feature_flags import FeatureFlags, Flag

ANN, BEN = "user:default/ann", "user:default/ben"


@pytest.fixture
def flags(engine: Engine) -> FeatureFlags:
    settings = UserSettings(engine)
    flags = FeatureFlags(lambda: settings)
    flags.declare([Flag("new-home", "A new home.", "home"), Flag("a-first", "It.", "catalog")])
    return flags


def test_a_flag_is_off_until_its_user_switches_it_on(flags: FeatureFlags) -> None:
    before = flags.is_on(ANN, "new-home")

    flags.set(ANN, "new-home", is_on=True)

    assert not before
    assert flags.list_on(ANN) == {"new-home"}
    assert flags.list_on(BEN) == frozenset()
    flags.set(ANN, "new-home", is_on=False)
    assert not flags.is_on(ANN, "new-home")


def test_flags_are_listed_by_name(flags: FeatureFlags) -> None:
    assert [flag.name for flag in flags.declared()] == ["a-first", "new-home"]


def test_what_nobody_declares_is_off_and_cannot_be_switched(flags: FeatureFlags) -> None:
    with pytest.raises(
        SettingError, match="nope: is not a feature flag; use one of a-first, new-home"
    ):
        flags.set(ANN, "nope", is_on=True)
    assert not flags.is_on(ANN, "nope")


def test_anonymous_users_have_no_flags(flags: FeatureFlags) -> None:
    assert not flags.is_on("", "new-home")
    with pytest.raises(SettingError, match="sign in"):
        flags.set("", "new-home", is_on=True)
