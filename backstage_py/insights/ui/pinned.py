"""Pinned tiles: what a dashboard shows of each, as somebody may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from backstage_py.insights import Viewer
from backstage_py.insights.dashboards.dashboard import Pin
from backstage_py.insights.ui.builder import describe, read_filters
from backstage_py.insights.ui.form_rows import titled
from backstage_py.insights.ui.page_query import RANGES, PageQuery
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.reading import Reading
from backstage_py.insights.ui.rows import RUNNING, Cell, Row, TileData
from backstage_py.insights.ui.service import InsightsService
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.ui.texts import days
from backstage_py.insights.ui.tiles import Tile
from backstage_py.insights.ui.views import EXPLORER

GONE = "This tile no longer exists. Remove it from the dashboard."


@dataclass(frozen=True)
class PinnedTile:
    """A tile as a dashboard shows it.

    `kind` is how its data is drawn: `figures`, `lines`, `bars`, `steps`, `cohorts` or `table`.
    `path` leads to the page it comes from. The keys of its chart's series are s0, s1 and so on.
    """

    id: str
    title: str
    says: str
    kind: str
    path: str
    data: TileData = field(default_factory=TileData)
    is_wide: bool = False
    is_on_home: bool = False


def read_pinned(
    pins: Sequence[Pin], service: InsightsService, viewer: Viewer, now: datetime
) -> list[PinnedTile]:
    """Read what pins show; blocks until the engine has answered.

    Args:
        pins: The pins, in their order.
        service: Asks the engine.
        viewer: Who looks.
        now: The end of relative periods.
    """
    zone = get_settings().zone
    pages: dict[tuple[str, str], list[Pin]] = {}
    for pin in pins:
        pages.setdefault((pin.view, pin.address), []).append(pin)
    shown: dict[str, PinnedTile] = {}
    for (view, address), there in pages.items():
        reading = Reading(view, PageQuery.from_address(address, zone=zone), now)
        read = reading.read(service, viewer, only={pin.tile for pin in there})
        tiles = {tile.id: tile for tile in reading.tiles}
        for pin in there:
            shown[pin.id] = _pinned(pin, tiles.get(pin.tile), read.get(pin.tile), reading)
    return [shown[pin.id] for pin in pins]


def _pinned(pin: Pin, tile: Tile | None, data: TileData | None, reading: Reading) -> PinnedTile:
    if tile is None or data is None:
        gone = TileData(is_ready=True, problem=GONE)
        return PinnedTile(pin.id, pin.title, "", "table", "", gone, is_wide=pin.is_wide)
    page = path_of(pin.view)
    series = tile.chart.series if tile.chart is not None else {}
    renamed = data.series if tile.id == EXPLORER.id else list(series.values())
    return PinnedTile(
        id=pin.id,
        title=pin.title,
        says=_describe(reading),
        kind=_kind_of(tile, data),
        path=f"{page}?{pin.address}" if pin.address else page,
        data=replace(
            data,
            rows=[_plain_row(row) for row in data.rows],
            points=[_rename(point, series) for point in data.points],
            series=renamed,
            behind="[]",
        ),
        is_wide=pin.is_wide,
        is_on_home=pin.is_on_home,
    )


def _describe(reading: Reading) -> str:
    """The period of a pin and its filters, in words."""
    query = reading.query
    is_custom = query.range == "custom"
    period = days(reading.scope.window) if is_custom else RANGES[query.range]
    filters = [describe(titled(one)) for one in read_filters(query)]
    return " · ".join((period, *filters))


def _kind_of(tile: Tile, data: TileData) -> str:
    if data.figures:
        return "figures"
    if data.steps:
        return "steps"
    if data.cohorts:
        return "cohorts"
    if data.points:
        return tile.chart.kind if tile.chart is not None else "lines"
    return "table"


def _plain_row(row: Row) -> Row:
    """A row that only says what it says: a dashboard has no filters and no dialogs."""
    return replace(row, cells=[_plain_cell(cell) for cell in row.cells], behind="", span="")


def _plain_cell(cell: Cell) -> Cell:
    kind = "text" if cell.kind in {"route", "template"} else cell.kind
    return replace(cell, kind=kind, value="", is_filter=False)


def _rename(point: Mapping[str, Any], series: Mapping[str, str]) -> dict[str, Any]:
    """A point whose series are called s0, s1 and so on, so that one chart draws any tile."""
    if not series:
        return dict(point)
    renamed = {name: point[name] for name in ("label", "when", "unit") if name in point}
    for index, key in enumerate(series):
        for ending in ("", RUNNING):
            if key + ending in point:
                renamed[f"s{index}{ending}"] = point[key + ending]
    return renamed
