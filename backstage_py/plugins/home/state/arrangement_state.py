"""How the person's start page is arranged, and the changes that they make."""

import asyncio
import logging
from collections.abc import Callable, Sequence

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import get_recorder
from backstage_py.plugins.home.arrangement import (
    Move,
    add,
    default_arrangement,
    move,
    remove,
    resize,
)
from backstage_py.plugins.home.service import (
    ArrangementError,
    Place,
    WidgetInfo,
    get_arrangements,
)
from backstage_py.plugins.settings.service import SettingError

_logger = logging.getLogger(__name__)

_widgets: list[WidgetInfo] = []


def declare_widgets(widgets: Sequence[WidgetInfo]) -> None:
    """Say what there is to arrange; called while the page is built."""
    _widgets[:] = widgets


class ArrangementState(rx.State):
    """The places of the widgets; while editing, what is changed is kept at once."""

    places: rx.Field[list[Place]] = rx.field(default_factory=list)
    missing: rx.Field[list[str]] = rx.field(default_factory=list)
    is_editing: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show the person's own arrangement."""
        self.is_editing = False
        try:
            places = await asyncio.to_thread(get_arrangements().get, self._user(), _widgets)
        except SQLAlchemyError as error:
            _logger.warning("An arrangement cannot be read: %s", error)
            places = default_arrangement(_widgets)
        self._show(places)
        self.is_broken, self.is_loaded = False, True

    @rx.event
    def edit(self) -> None:
        """Begin to change it, or be done."""
        self.is_editing = not self.is_editing

    @rx.event
    async def move(self, name: str, direction: Move) -> None:
        """Exchange a widget with its neighbour."""
        await self._change(lambda places: move(places, name, direction))

    @rx.event
    async def resize(self, name: str, columns: str) -> None:
        """Give a widget another width."""
        await self._change(lambda places: resize(places, name, int(columns)))

    @rx.event
    async def remove(self, name: str) -> None:
        """Take a widget away."""
        await self._change(lambda places: remove(places, name, _widgets))

    @rx.event
    async def add(self, name: str) -> None:
        """Put a widget at the end."""
        await self._change(lambda places: add(places, name, _widgets))

    @rx.event
    async def restore(self) -> None:
        """Go back to the default arrangement."""
        try:
            await asyncio.to_thread(get_arrangements().restore, self._user())
        except SQLAlchemyError as error:
            _logger.warning("An arrangement cannot be forgotten: %s", error)
            self.is_broken = True
            return
        self._show(default_arrangement(_widgets))

    async def _change(self, change: Callable[[Sequence[Place]], tuple[Place, ...]]) -> None:
        try:
            places = change(self.places)
        except (ArrangementError, ValueError) as error:
            _logger.info("The start page stays as it is: %s", error)
            return
        self._show(places)
        try:
            await asyncio.to_thread(get_arrangements().keep, self._user(), places)
        except (SettingError, SQLAlchemyError) as error:
            _logger.warning("An arrangement cannot be kept: %s", error)
            self.is_broken = True

    def _show(self, places: Sequence[Place]) -> None:
        shown = {place.name for place in places}
        self.places = list(places)
        self.missing = [one.name for one in _widgets if one.name not in shown]

    def _user(self) -> str:
        return get_recorder().identify(self.router.headers.raw_headers) or ""
