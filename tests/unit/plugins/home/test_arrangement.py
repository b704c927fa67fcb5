import pytest
from sqlalchemy import Engine

from backstage_py.plugins.home.arrangement import (
    ArrangementError,
    Arrangements,
    Place,
    WidgetInfo,
    add,
    default_arrangement,
    move,
    remove,
    resize,
)
from backstage_py.plugins.settings.api import UserSettings

WIDGETS = (
    WidgetInfo("search", 12, is_shown=True, is_fixed=True),
    WidgetInfo("starred", 4, is_shown=True, is_fixed=False),
    WidgetInfo("visits", 4, is_shown=True, is_fixed=False),
    WidgetInfo("clock", 6, is_shown=False, is_fixed=False),
)
DEFAULT = default_arrangement(WIDGETS)
ANN = "user:default/ann"


def names(places: tuple[Place, ...]) -> list[str]:
    return [place.name for place in places]


@pytest.fixture
def settings(engine: Engine) -> UserSettings:
    return UserSettings(engine)


@pytest.fixture
def arrangements(settings: UserSettings) -> Arrangements:
    return Arrangements(lambda: settings)


def test_without_an_own_arrangement_the_default_is_shown(
    arrangements: Arrangements,
) -> None:
    assert names(arrangements.get(ANN, WIDGETS)) == ["search", "starred", "visits"]
    assert names(arrangements.get("", WIDGETS)) == ["search", "starred", "visits"]


def test_an_arrangement_is_kept_for_its_user_until_the_default_is_restored(
    arrangements: Arrangements,
) -> None:
    places = resize(move(add(DEFAULT, "clock", WIDGETS), "visits", "earlier"), "clock", 12)

    arrangements.keep(ANN, places)

    assert arrangements.get(ANN, WIDGETS) == places
    assert arrangements.get("user:default/ben", WIDGETS) == DEFAULT
    arrangements.restore(ANN)
    assert arrangements.get(ANN, WIDGETS) == DEFAULT


def test_a_widget_moves_by_one_and_stops_at_the_ends() -> None:
    assert names(move(DEFAULT, "search", "later")) == ["starred", "search", "visits"]
    assert move(DEFAULT, "search", "earlier") == DEFAULT
    assert move(DEFAULT, "visits", "later") == DEFAULT


def test_what_cannot_be_done_is_refused() -> None:
    with pytest.raises(ArrangementError, match="search: has to stay"):
        remove(DEFAULT, "search", WIDGETS)
    with pytest.raises(ArrangementError, match="starred: is not a widget that can be added"):
        add(DEFAULT, "starred", WIDGETS)
    with pytest.raises(ArrangementError, match="5 columns is not a width"):
        resize(DEFAULT, "starred", 5)
    with pytest.raises(ArrangementError, match="nope: is not on the page"):
        move(DEFAULT, "nope", "later")


@pytest.mark.parametrize(
    "kept",
    [
        "nonsense",
        [7, None, {"name": "gone", "columns": 4}, {"name": "visits", "columns": "wide"}],
        [{"name": "visits", "columns": 4}, {"name": "visits", "columns": 6}],
    ],
)
def test_what_was_kept_by_an_older_portal_never_breaks_the_page(
    settings: UserSettings, arrangements: Arrangements, kept: object
) -> None:
    settings.set(ANN, "home", "arrangement", kept)

    places = arrangements.get(ANN, WIDGETS)

    assert "search" in names(places)
    assert len(names(places)) == len(set(names(places)))
    assert all(place.columns in {4, 6, 8, 12} for place in places)
