import pytest
from sqlalchemy import Engine, text

from backstage_py.plugins.settings.api import SettingError, UserSettings

ANN, BOB = "user:default/ann", "user:default/bob"


@pytest.fixture
def settings(engine: Engine) -> UserSettings:
    return UserSettings(engine)


def test_a_value_is_kept_for_its_user_and_over_restarts(
    settings: UserSettings, engine: Engine
) -> None:
    settings.set(ANN, "home", "layout", {"widgets": ["a", "b"]})
    settings.set(ANN, "home", "layout", {"widgets": ["b"]})

    assert UserSettings(engine).get(ANN, "home", "layout") == {"widgets": ["b"]}
    assert settings.get(BOB, "home", "layout", "default") == "default"


def test_a_value_is_forgotten_and_forgetting_nothing_does_no_harm(settings: UserSettings) -> None:
    settings.set(ANN, "home", "layout", 1)
    for _ in range(2):
        settings.delete(ANN, "home", "layout")

    assert settings.get(ANN, "home", "layout") is None


@pytest.mark.parametrize(
    ("user", "key", "value", "message"),
    [
        ("", "k", 1, "home/k: nobody is signed in"),
        (ANN, "k" * 300, 1, "more than 255 characters"),
        (ANN, "k", "x" * 70_000, "home/k: the value is larger than 65536 bytes"),
        (ANN, "k", {1, 2}, "home/k: the value cannot be written as JSON"),
    ],
)
def test_what_cannot_be_kept_is_named(
    settings: UserSettings, user: str, key: str, value: object, message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        settings.set(user, "home", key, value)


def test_a_broken_row_counts_as_missing(settings: UserSettings, engine: Engine) -> None:
    settings.set(ANN, "home", "layout", 1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE user_setting SET value = '{'"))

    assert settings.get(ANN, "home", "layout", "default") == "default"
