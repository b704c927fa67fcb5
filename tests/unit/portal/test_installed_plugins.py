"""Plugins of installed packages and of an app itself, and their keys in `app.plugins`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from pydantic import Field

from backstage_py.analytics import Config, ConfigurationError, SettingsModel
from backstage_py.portal.installed_plugins import choose_plugins, declare, read_plugin_settings
from backstage_py.portal.plugin import CardExtension, NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef

HOME = RouteRef("home", "/")
ENTRY_POINTS = """
[backstage_py.plugins]
calendar = calendar_of_tests:calendar_plugin
broken = calendar_of_tests:nothing_there
odd = calendar_of_tests:ODD
"""
MODULE = """
from backstage_py.portal.plugin import PortalPlugin
calendar_plugin = PortalPlugin(id="calendar")
ODD = 7
"""


class WeeksSettings(SettingsModel):
    weeks: int = Field(4, description="a whole number of weeks")


def a_plugin(id_: str, **declared: Any) -> PortalPlugin:
    return PortalPlugin(id=id_, nav_items=(NavItem(id_, "house", HOME),), **declared)


home_plugin = a_plugin(
    "home", pages=(PageExtension("Home", HOME, "Home", lambda _: rx.fragment()),)
)
first_plugin, second_plugin = a_plugin("first"), a_plugin("second")
BUILT_IN = [declare(id_, f"{__name__}:{id_}_plugin") for id_ in ("home", "first", "second")]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with plugins, as pip leaves it."""
    facts = tmp_path / "calendar_of_tests-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: calendar\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "calendar_of_tests.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("calendar_of_tests", None)


def ids(said: Mapping[str, Any], *given: PortalPlugin) -> list[str]:
    config = Config({"app": {"plugins": said}})
    return [one.id for one in choose_plugins(config, BUILT_IN, given, required={"home"}).plugins]


def refusal(said: Mapping[str, Any], *given: PortalPlugin) -> str:
    with pytest.raises(ConfigurationError) as caught:
        ids(said, *given)
    return str(caught.value)


def test_the_portals_own_plugins_are_followed_by_those_of_the_app() -> None:
    assert ids({}, a_plugin("third")) == ["home", "first", "second", "third"]


def test_plugins_are_ordered_and_switched_off() -> None:
    said = {"second": {"order": -1}, "third": True, "first": {"order": 2}}

    assert ids(said, a_plugin("third")) == ["second", "home", "third", "first"]
    assert ids({"first": False, "third": False}, a_plugin("third")) == ["home", "second"]


@pytest.mark.usefixtures("installed")
def test_plugins_of_installed_packages_are_found() -> None:
    assert ids({"broken": False, "odd": False}) == ["home", "first", "second", "calendar"]


@pytest.mark.usefixtures("installed")
def test_an_installed_plugin_that_cannot_be_used_says_so_and_how_to_go_on() -> None:
    assert refusal({"odd": False}).startswith(
        "app.plugins.broken: is declared as calendar_of_tests:nothing_there, which cannot be"
    )
    assert refusal({"broken": False}) == (
        "app.plugins.odd: is declared as calendar_of_tests:ODD, which is of type int, not a"
        " PortalPlugin. Fix or uninstall that package, or switch it off by app.plugins.odd: false"
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"frist": True}, "app.plugins.frist: is not an installed plugin. Did you mean first?"),
        (
            {"home": False},
            "app.plugins.home: is false, and the portal does not work without it. Remove the key",
        ),
        ({"first": 5}, "app.plugins.first: is 5. Use an object, as {} or keys on lines of"),
        (
            {"first": {"order": "top"}},
            'app.plugins.first.order: is "top". Use a whole number; lower ones come first, 0 is',
        ),
        ({"first": {"odrer": 1}}, "app.plugins.first.odrer: is not a known key. Did you mean ord"),
        (
            {"first": {"config": {"weeks": 5}}},
            "app.plugins.first.config.weeks: is not a known key. Remove it",
        ),
        (
            {"calendar": {"config": {"weeks": "many"}}},
            'app.plugins.calendar.config.weeks: is "many". Use a whole number of weeks',
        ),
    ],
)
def test_what_is_wrong_names_the_key_the_value_and_the_fix(
    said: Mapping[str, Any], message: str
) -> None:
    assert refusal(said, a_plugin("calendar", settings=WeeksSettings)).startswith(message)


def test_a_portal_has_a_start_page() -> None:
    with pytest.raises(ConfigurationError, match="leaves no page at /"):
        choose_plugins(Config({"app": {"plugins": {"home": False}}}), BUILT_IN)


def test_what_is_attached_to_a_plugin_that_is_off_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = a_plugin("org", cards=(CardExtension("ContentOfFirst", "MembersCard", rx.box),))

    assert ids({"first": False}, card) == ["home", "second", "org"]
    assert "the card 'MembersCard' of 'org' is attached to 'ContentOfFirst'" in caplog.text


def test_a_plugin_reads_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_plugin_settings("calendar", WeeksSettings).weeks == 4

    (tmp_path / "app-config.yaml").write_text("app: {plugins: {calendar: {config: {weeks: 6}}}}")

    assert read_plugin_settings("calendar", WeeksSettings).weeks == 6
