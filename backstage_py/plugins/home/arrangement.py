"""The arrangement of widgets on a person's start page.

Source of the idea: `CustomHomepageGrid` of `@backstage/plugin-home`. An arrangement is a list of
cards in reading order; each is 1 to 12 columns wide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from backstage_py.plugins.settings.api import UserSettings

BUCKET, KEY = "home", "arrangement"
COLUMNS = 12
WIDTHS = (4, 6, 8, 12)
"""The widths of widgets in columns: a third, half, two thirds or all of a row."""

Move = Literal["earlier", "later"]


class ArrangementError(ValueError):
    """A change that cannot be made; the message names the widget and why."""


@dataclass(frozen=True, slots=True)
class WidgetInfo:
    """A widget that can be arranged, and its default place."""

    name: str
    columns: int
    is_shown: bool
    is_fixed: bool
    feature_flag: str = ""


@dataclass(frozen=True)
class Place:
    """A widget's place."""

    name: str
    columns: int


def default_arrangement(widgets: Sequence[WidgetInfo]) -> tuple[Place, ...]:
    """The default arrangement of the plugins."""
    return tuple(Place(one.name, one.columns) for one in widgets if one.is_shown)


def move(places: Sequence[Place], name: str, direction: Move) -> tuple[Place, ...]:
    """Swap a widget with its neighbour; at the end of the list it stays."""
    index = _find(places, name)
    other = index + (1 if direction == "later" else -1)
    moved = list(places)
    if 0 <= other < len(moved):
        moved[index], moved[other] = moved[other], moved[index]
    return tuple(moved)


def resize(places: Sequence[Place], name: str, columns: int) -> tuple[Place, ...]:
    """Change the width of a widget.

    Raises:
        ArrangementError: If it is not a width of a widget.
    """
    if columns not in WIDTHS:
        raise ArrangementError(f"{name}: {columns} columns is not a width; use one of {WIDTHS}")
    index = _find(places, name)
    return (*places[:index], replace(places[index], columns=columns), *places[index + 1 :])


def remove(places: Sequence[Place], name: str, widgets: Sequence[WidgetInfo]) -> tuple[Place, ...]:
    """Remove a widget.

    Raises:
        ArrangementError: If it has to stay.
    """
    if any(one.name == name and one.is_fixed for one in widgets):
        raise ArrangementError(f"{name}: has to stay on the page")
    index = _find(places, name)
    return (*places[:index], *places[index + 1 :])


def add(places: Sequence[Place], name: str, widgets: Sequence[WidgetInfo]) -> tuple[Place, ...]:
    """Add a widget at the end.

    Raises:
        ArrangementError: If there is no such widget, or it is already shown.
    """
    found = next((one for one in widgets if one.name == name), None)
    if found is None or any(place.name == name for place in places):
        raise ArrangementError(f"{name}: is not a widget that can be added")
    return (*places, Place(found.name, found.columns))


class Arrangements:
    """The arrangements of all users.

    Reading and keeping raise `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, settings: Callable[[], UserSettings]) -> None:
        self._settings = settings

    def get(self, user: str, widgets: Sequence[WidgetInfo]) -> tuple[Place, ...]:
        """Return a user's own arrangement of the existing widgets, or the default one."""
        kept = self._settings().get(user, BUCKET, KEY) if user else None
        if not isinstance(kept, list):
            return default_arrangement(widgets)
        known = {one.name: one for one in widgets}
        places = [place for item in kept if (place := _read(item, known))]
        unique = tuple({place.name: place for place in places}.values())
        names = {place.name for place in unique}
        fixed = [one for one in widgets if one.is_fixed and one.name not in names]
        return (*(Place(one.name, one.columns) for one in fixed), *unique)

    def keep(self, user: str, places: Sequence[Place]) -> None:
        """Store an arrangement.

        Raises:
            SettingError: If nobody is signed in.
        """
        value = [{"name": place.name, "columns": place.columns} for place in places]
        self._settings().set(user, BUCKET, KEY, value)

    def restore(self, user: str) -> None:
        """Delete an arrangement, so that the default one applies again."""
        self._settings().delete(user, BUCKET, KEY)


def _read(item: Any, known: Mapping[str, WidgetInfo]) -> Place | None:
    """A stored place, if its widget still exists."""
    if not isinstance(item, dict) or item.get("name") not in known:
        return None
    columns = item.get("columns")
    name = item["name"]
    return Place(name, columns if columns in WIDTHS else known[name].columns)


def _find(places: Sequence[Place], name: str) -> int:
    for index, place in enumerate(places):
        if place.name == name:
            return index
    raise ArrangementError(f"{name}: is not on the page")
