"""`GET /api/insights/shared?token=...`: a dashboard for whoever has its link.

A page without scripts, apart from the app, so that nobody has to sign in and no address with a
token is captured. The log of requests leaves queries out, so it has no token either. The page shows
no people, and nothing once its sharer may not see Insights.
"""

import logging
from collections.abc import Callable
from html import escape
from itertools import starmap
from pathlib import Path
from string import Template

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from backstage_py.analytics import PUBLIC, GuardedRoute, utc_now
from backstage_py.insights import Viewer
from backstage_py.insights.dashboards.dashboards import Dashboards
from backstage_py.insights.ui import sparkline
from backstage_py.insights.ui.dashboarding import viewer_of_link
from backstage_py.insights.ui.pinned import PinnedTile, read_pinned
from backstage_py.insights.ui.rows import Cell, Head, Row
from backstage_py.insights.ui.service import InsightsService

_logger = logging.getLogger(__name__)

PATH = "/api/insights/shared"
PAGES_AT_ONCE = 2
"""Whoever has a link may open it as often as they like; the others' questions go on."""
_PAGE = Template(Path(__file__).with_name("shared_page.html").read_text(encoding="utf-8"))
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_SHOWN_ROWS = 20


def shared_route(
    get_dashboards: Callable[[], Dashboards],
    get_service: Callable[[], InsightsService],
    *,
    find_viewer: Callable[[str], Viewer | None] = viewer_of_link,
    prefix: str = "",
) -> GuardedRoute:
    """The route, below `prefix`; `find_viewer` tells what a sharer's link shows now."""

    def read(token: str) -> str | None:
        found = get_dashboards().open_link(token)
        if found is None:
            return None
        dashboard, share = found
        viewer = find_viewer(share.sharer)
        if viewer is None:
            return None
        tiles = read_pinned(dashboard.pins, get_service(), viewer, utc_now())
        assert share.expires_at is not None
        until = f"{share.expires_at.day} {share.expires_at:%B %Y}"
        return write_page(dashboard.name, tiles, f"Shared until {until}.")

    limiter = CapacityLimiter(PAGES_AT_ONCE)

    async def show(request: Request) -> Response:
        token = request.query_params.get("token", "")
        try:
            page = await to_thread.run_sync(read, token, limiter=limiter)
        except SQLAlchemyError as error:
            _logger.warning("A shared dashboard cannot be read: %s", error)
            return HTMLResponse(write_page("Try again later", [], _AWAY), 503, _HEADERS)
        if page is None:
            return HTMLResponse(write_page("This link has ended", [], _ENDED), 404, _HEADERS)
        return HTMLResponse(page, headers=_HEADERS)

    return GuardedRoute(f"{prefix}{PATH}", show, methods=["GET"], access=PUBLIC)


_AWAY = "The dashboard cannot be shown at the moment."
_ENDED = "It has expired, was removed, or never existed. Ask whoever sent it for another one."


def write_page(name: str, tiles: list[PinnedTile], note: str) -> str:
    """The page as HTML; every text in it is escaped."""
    shown = "".join(map(_write_tile, tiles))
    return _PAGE.substitute(name=escape(name), note=escape(note), tiles=shown)


def _write_tile(tile: PinnedTile) -> str:
    wide = ' class="wide"' if tile.is_wide else ""
    says = f"<p>{escape(tile.says)}</p>" if tile.says else ""
    return f"<section{wide}><h2>{escape(tile.title)}</h2>{says}{_write_content(tile)}</section>"


def _write_content(tile: PinnedTile) -> str:
    data = tile.data
    if data.problem or data.is_empty:
        return f"<p>{escape(data.problem or 'No data in this period.')}</p>"
    foot = f"<footer>{escape(data.foot)}</footer>"
    if tile.kind == "figures":
        figures = (
            f"<div><dt>{escape(one.label)}</dt><dd><strong>{escape(one.value)}</strong>"
            f"<span>{escape(one.change)}</span></dd></div>"
            for one in data.figures
        )
        return f"<dl>{''.join(figures)}</dl>{foot}"
    picture = ""
    if tile.kind in {"lines", "bars"}:
        items = (
            f'<li><i class="s{index}"></i>{escape(name)}</li>'
            for index, name in enumerate(data.series)
        )
        drawn = sparkline.draw(data.points, len(data.series), data.top)
        summary = escape(data.summary)
        picture = (
            f'<ul>{"".join(items)}</ul><svg viewBox="0 0 {sparkline.WIDTH} {sparkline.HEIGHT}" '
            f'preserveAspectRatio="none" role="img" aria-label="{summary}">'
            + "".join(f'<polyline class="s{i}" points="{p}"/>' for i, p in enumerate(drawn))
            + "</svg>"
        )
        return f"{picture}<details><summary>Numbers</summary>{_write_table(tile)}</details>{foot}"
    return f"{_write_table(tile)}{foot}"


def _write_table(tile: PinnedTile) -> str:
    data = tile.data
    heads = "".join(
        f'<th scope="col"{_class(is_number=head.is_number)}>{escape(head.text)}</th>'
        for head in tile.data.heads
    )
    rows = "".join(_write_row(row, tile) for row in data.rows[:_SHOWN_ROWS])
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _write_row(row: Row, tile: PinnedTile) -> str:
    cells = zip(row.cells, tile.data.heads, strict=False)
    return f"<tr>{''.join(starmap(_write_cell, cells))}</tr>"


def _write_cell(cell: Cell, head: Head) -> str:
    share = f" <small>{escape(cell.share)}</small>" if cell.share else ""
    return f"<td{_class(is_number=head.is_number)}>{escape(cell.text)}{share}</td>"


def _class(*, is_number: bool) -> str:
    return ' class="number"' if is_number else ""
