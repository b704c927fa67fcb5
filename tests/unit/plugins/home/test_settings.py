import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.home.settings import HomeSettings


def read(**home: object) -> HomeSettings:
    return HomeSettings.from_config(Config({"home": home}).section("home"))


def test_links_and_clocks_are_read() -> None:
    settings = read(
        quickLinks=[{"title": "Status", "url": "https://status.example", "icon": "activity"}],
        clocks=[{"title": "Hamburg", "timeZone": "Europe/Berlin"}],
    )

    assert [(one.title, one.icon) for one in settings.quick_links] == [("Status", "activity")]
    assert settings.clocks[0].model_dump(by_alias=True) == {
        "title": "Hamburg",
        "timeZone": "Europe/Berlin",
    }


def test_no_key_is_required() -> None:
    assert read() == HomeSettings()


@pytest.mark.parametrize(
    ("home", "where"),
    [
        ({"quickLinks": [{"title": "x", "url": "javascript:alert(1)"}]}, r"quickLinks\[0\]\.url"),
        (
            {"tour": [{"title": "x", "text": "y", "url": "//elsewhere.example"}]},
            r"tour\[0\]\.url",
        ),
        ({"quickLinks": [{"title": "x"}]}, r"quickLinks\[0\]\.url.*is missing"),
        ({"clocks": [{"title": "x", "timeZone": "Mars/Base"}]}, r"clocks\[0\]\.timeZone"),
        ({"clock": []}, r"home\.clock.*not a known key"),
    ],
)
def test_what_is_wrong_is_named(home: dict[str, object], where: str) -> None:
    with pytest.raises(ConfigurationError, match=where):
        read(**home)
