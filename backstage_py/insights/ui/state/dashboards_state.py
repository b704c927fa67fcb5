"""The dashboards of whoever looks: their tiles, their order, and whom they are shared with."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from reflex_base.config import get_config
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, access, utc_now
from backstage_py.insights import Caller
from backstage_py.insights.dashboards.dashboard import Dashboard, Share
from backstage_py.insights.dashboards.dashboards import Dashboards, Reader
from backstage_py.insights.ui import texts
from backstage_py.insights.ui.dashboarding import (
    find_reader,
    get_dashboards,
    list_people,
    viewer_of_shared,
)
from backstage_py.insights.ui.host import get_host, visitor_of
from backstage_py.insights.ui.pinned import PinnedTile, read_pinned
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.shared_page import PATH
from backstage_py.ui.address import replace_address

_logger = logging.getLogger(__name__)

VIEW = "dashboards"
PARAMETER = "dashboard"
NO_DATABASE = "The database is not responding. Nothing was changed."


@dataclass(frozen=True)
class DashboardRow:
    """A dashboard in the list; `owner` is empty for one's own."""

    id: str
    name: str
    owner: str = ""


@dataclass(frozen=True)
class ShareRow:
    """A share in words."""

    id: str
    text: str


@dataclass(frozen=True)
class Board:
    """What the page shows."""

    rows: list[DashboardRow] = field(default_factory=list)
    id: str = ""
    name: str = ""
    owner: str = ""
    is_mine: bool = False
    tiles: list[PinnedTile] = field(default_factory=list)
    shares: list[ShareRow] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    can_link: bool = False


@access(ANALYTICS_INSIGHTS_READ)
class DashboardsState(rx.State):
    """The list of dashboards, and the one that is open."""

    board: rx.Field[Board] = rx.field(default_factory=Board)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_edited: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    link: rx.Field[str] = rx.field("")
    _latest: str = ""

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Show the dashboard that the address names, else the first one."""
        async with self:
            query = parse_qs(self.router.url.query.lstrip("?"))
            wanted = query.get(PARAMETER, [""])[-1]
            self.is_loaded, self.is_edited, self.link = False, False, ""
        async for event in self._act(wanted, lambda _dashboards, _reader: None):
            yield event

    @rx.event(background=True)
    async def open(self, dashboard_id: str) -> AsyncGenerator[Any]:
        """Show another dashboard."""
        async with self:
            self.is_edited, self.link = False, ""
            self.board = replace(self.board, id=dashboard_id, tiles=[])
            self.is_loaded = False
        yield replace_address(path_of(VIEW), f"{PARAMETER}={dashboard_id}")
        async for event in self._act(dashboard_id, lambda _dashboards, _reader: None):
            yield event

    @rx.event(background=True)
    async def create(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Make an empty dashboard and open it."""
        name = str(form.get("name", ""))
        async for event in self._act("", lambda all_, reader: all_.add(reader, name).id):
            yield event

    @rx.event(background=True)
    async def rename(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Give the open dashboard another name."""
        name = str(form.get("name", "")).strip()
        async for event in self._change(lambda one: replace(one, name=name)):
            yield event

    @rx.event(background=True)
    async def remove(self) -> AsyncGenerator[Any]:
        """Delete the open dashboard."""
        async with self:
            id_, self.is_edited = self.board.id, False
        async for event in self._act("", lambda all_, reader: all_.remove(reader, id_)):
            yield event

    @rx.event(background=True)
    async def move(self, pin_id: str, places: int) -> AsyncGenerator[Any]:
        """Move a tile towards the end, or towards the start if negative."""
        async for event in self._change(lambda one: one.with_pin_moved(pin_id, places)):
            yield event

    @rx.event(background=True)
    async def widen(self, pin_id: str, wide: bool) -> AsyncGenerator[Any]:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Show a tile in the whole width, or no longer."""
        async for event in self._change(lambda one: one.with_pin_changed(pin_id, is_wide=wide)):
            yield event

    @rx.event(background=True)
    async def show_on_home(self, pin_id: str, shown: bool) -> AsyncGenerator[Any]:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Show a tile on the start page, or no longer."""
        async for event in self._change(lambda one: one.with_pin_changed(pin_id, is_on_home=shown)):
            yield event

    @rx.event(background=True)
    async def unpin(self, pin_id: str) -> AsyncGenerator[Any]:
        """Take a tile off the dashboard."""
        async for event in self._change(lambda one: one.without_pin(pin_id)):
            yield event

    @rx.event(background=True)
    async def share(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Share the open dashboard with a user or group."""
        async with self:
            id_, ref = self.board.id, str(form.get("ref", ""))
        async for event in self._act(id_, lambda all_, reader: all_.share(reader, id_, ref)):
            yield event

    @rx.event(background=True)
    async def make_link(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Make a link that shows the open dashboard to whoever has it."""
        days = str(form.get("days", ""))
        made: list[str] = []
        async with self:
            id_ = self.board.id

        def make(all_: Dashboards, reader: Reader) -> None:
            made.append(all_.make_link(reader, id_, int(days) if days.isdecimal() else 0))

        async for event in self._act(id_, make):
            yield event
        async with self:
            path = get_config().prepend_backend_path(f"{PATH}?token={made[0]}") if made else ""
            self.link = path
        yield

    @rx.event(background=True)
    async def unshare(self, share_id: str) -> AsyncGenerator[Any]:
        """End a share or a link."""
        async with self:
            id_, self.link = self.board.id, ""
        async for event in self._act(id_, lambda all_, reader: all_.unshare(reader, id_, share_id)):
            yield event

    @rx.event
    def edit(self) -> None:
        """Show what changes the dashboard, or hide it."""
        self.is_edited, self.link, self.problem = not self.is_edited, "", ""

    async def _change(self, change: Callable[[Dashboard], Dashboard]) -> AsyncGenerator[Any]:
        """Change the open dashboard; its tiles are read again only if others are there."""
        async with self:
            id_ = self.board.id
        async for event in self._act(id_, lambda all_, reader: all_.change(reader, id_, change)):
            yield event

    async def _act(
        self, dashboard_id: str, work: Callable[[Dashboards, Reader], Any]
    ) -> AsyncGenerator[Any]:
        """Do something and show what is there then; a newer call makes what this finds void."""
        ticket = uuid.uuid4().hex
        async with self:
            caller, self._latest = visitor_of(self), ticket
            known = {tile.id: tile for tile in self.board.tiles} if self.is_loaded else {}
        if caller.viewer is None:
            return
        try:
            board = await asyncio.to_thread(read_board, caller, dashboard_id, work, known)
            problem = ""
        except AnalyticsError as error:
            board, problem = None, str(error)
        except SQLAlchemyError as error:
            _logger.warning("Dashboards cannot be read or kept: %s", error)
            board, problem = None, NO_DATABASE
        async with self:
            if self._latest == ticket:
                self.board, self.problem, self.is_loaded = board or self.board, problem, True
        yield


def read_board(
    caller: Caller,
    dashboard_id: str,
    work: Callable[[Dashboards, Reader], Any],
    known: dict[str, PinnedTile],
) -> Board:
    """Do some work, and read the dashboard that is open then.

    Args:
        caller: Who looks.
        dashboard_id: The dashboard to open, unless the work makes another one.
        work: Changes dashboards, or nothing; the id that it may return is opened.
        known: Tiles that were read before, by their ids; they are not asked again.

    Raises:
        AnalyticsError: If the work is not allowed.
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    service, dashboards = get_insights_service(), get_dashboards()
    reader = find_reader(caller, service)
    made = work(dashboards, reader)
    found = dashboards.list_for(reader)
    wanted = made if isinstance(made, str) else dashboard_id
    rows = [DashboardRow(one.id, one.name, _owner(one, reader)) for one in found]
    shown = next((one for one in found if one.id == wanted), found[0] if found else None)
    if shown is None or caller.viewer is None:
        return Board(rows)
    is_mine = shown.owner == reader.user
    viewer = viewer_of_shared(caller.viewer, shown, reader)
    new = [pin for pin in shown.pins if pin.id not in known]
    read = {tile.id: tile for tile in read_pinned(new, service, viewer, utc_now())}
    tiles = [
        replace(read.get(pin.id) or known[pin.id], is_wide=pin.is_wide, is_on_home=pin.is_on_home)
        for pin in shown.pins
    ]
    shares = dashboards.list_shares(reader, shown.id) if is_mine else []
    return Board(
        rows,
        shown.id,
        shown.name,
        _owner(shown, reader),
        is_mine,
        tiles,
        [ShareRow(one.id, describe_share(one)) for one in shares],
        list_people(service) if is_mine else [],
        bool(reader.user),
    )


def _owner(dashboard: Dashboard, reader: Reader) -> str:
    if dashboard.owner == reader.user:
        return ""
    return get_host().title_of(dashboard.owner) or texts.entity(dashboard.owner)


def describe_share(share: Share) -> str:
    """Whom a share is for, or until when a link counts."""
    if share.expires_at is None:
        return get_host().title_of(share.ref) or texts.entity(share.ref)
    return f"Link until {share.expires_at.day} {share.expires_at:%b %Y}"
