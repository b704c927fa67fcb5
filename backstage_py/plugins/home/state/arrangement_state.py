"""The arrangement of the person's start page, and their changes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.home.arrangement import (
    Move,
    Place,
    WidgetInfo,
    add,
    default_arrangement,
    move,
    remove,
    resize,
)
from backstage_py.plugins.home.service import get_arrangements
from backstage_py.plugins.settings.api import SettingError, get_feature_flags
from backstage_py.portal.database import answer_of
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

Change: TypeAlias = Callable[[Sequence[Place], Sequence[WidgetInfo]], tuple[Place, ...]]
"""Changes an arrangement, given the existing widgets."""

_widgets: list[WidgetInfo] = []


def declare_widgets(widgets: Sequence[WidgetInfo]) -> None:
    """Declare the widgets that can be arranged; called at each start."""
    _widgets[:] = widgets


@access(SIGNED_IN)
class ArrangementState(rx.State):
    """The places of the widgets; changes are stored immediately."""

    places: rx.Field[list[Place]] = rx.field(default_factory=list)
    missing: rx.Field[list[str]] = rx.field(default_factory=list)
    is_editing: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show the person's own arrangement."""
        self.is_editing, self.is_broken = False, False
        self._show(*await asyncio.to_thread(_read, current_user(self)))
        self.is_loaded = True

    @rx.event
    def edit(self) -> None:
        """Start or finish editing."""
        self.is_editing = not self.is_editing

    @rx.event
    async def move(self, name: str, direction: Move) -> None:
        """Swap a widget with its neighbour."""
        await self._change(lambda places, _: move(places, name, direction))

    @rx.event
    async def resize(self, name: str, columns: str) -> None:
        """Change the width of a widget."""
        await self._change(lambda places, _: resize(places, name, int(columns)))

    @rx.event
    async def remove(self, name: str) -> None:
        """Remove a widget."""
        await self._change(lambda places, offered: remove(places, name, offered))

    @rx.event
    async def add(self, name: str) -> None:
        """Add a widget at the end."""
        await self._change(lambda places, offered: add(places, name, offered))

    @rx.event
    async def restore(self) -> None:
        """Go back to the default arrangement."""
        user = current_user(self)
        try:
            await asyncio.to_thread(get_arrangements().restore, user)
        except SQLAlchemyError as error:
            _logger.warning("An arrangement cannot be deleted: %s", error)
            self.is_broken = True
            return
        self._show(*await asyncio.to_thread(_read, user))

    async def _change(self, change: Change) -> None:
        user, before = current_user(self), tuple(self.places)
        offered = await asyncio.to_thread(_list_offered, user)
        try:
            places = change(before, offered)
        except ValueError as error:
            _logger.info("The start page stays as it is: %s", error)
            return
        self._show(places, offered)
        try:
            await asyncio.to_thread(get_arrangements().keep, user, places)
        except (SettingError, SQLAlchemyError) as error:
            _logger.warning("An arrangement cannot be stored: %s", error)
            self.is_broken = True

    def _show(self, places: Sequence[Place], offered: Sequence[WidgetInfo]) -> None:
        shown = {place.name for place in places}
        self.places = list(places)
        self.missing = [one.name for one in offered if one.name not in shown]


def _list_offered(user: str) -> list[WidgetInfo]:
    """The widgets that a user can arrange, by the feature flags they have on."""
    on = answer_of(lambda: get_feature_flags().list_on(user)) or frozenset()
    return [one for one in _widgets if not one.feature_flag or one.feature_flag in on]


def _read(user: str) -> tuple[Sequence[Place], Sequence[WidgetInfo]]:
    """A user's arrangement, and the existing widgets."""
    offered = _list_offered(user)
    places = answer_of(lambda: get_arrangements().get(user, offered))
    return default_arrangement(offered) if places is None else places, offered
