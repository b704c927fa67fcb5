"""The pinned tiles that the start page shows, in short."""

from dataclasses import dataclass, field
from datetime import datetime

from backstage_py.insights import Caller
from backstage_py.insights.dashboards.dashboards import Dashboards
from backstage_py.insights.ui import sparkline
from backstage_py.insights.ui.dashboarding import find_reader, viewer_of_shared
from backstage_py.insights.ui.pinned import PinnedTile, read_pinned
from backstage_py.insights.ui.rows import Figure
from backstage_py.insights.ui.service import InsightsService

SHOWN_TILES = 6
SHOWN_ROWS = 5
SHOWN_FIGURES = 4


@dataclass(frozen=True)
class ShortRow:
    """A row in short: its name, and its number."""

    name: str
    number: str


@dataclass(frozen=True)
class HomeTile:
    """A tile in short: some figures, lines of a chart, or the first rows."""

    id: str
    title: str
    says: str
    path: str
    summary: str = ""
    problem: str = ""
    figures: list[Figure] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    rows: list[ShortRow] = field(default_factory=list)


def read_home_tiles(
    caller: Caller, dashboards: Dashboards, service: InsightsService, now: datetime
) -> list[HomeTile]:
    """The tiles that somebody's dashboards, and those shared with them, show on the start page.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    if caller.viewer is None:
        return []
    reader = find_reader(caller, service)
    found: list[HomeTile] = []
    for dashboard in dashboards.list_for(reader):
        pins = [pin for pin in dashboard.pins if pin.is_on_home][: SHOWN_TILES - len(found)]
        viewer = viewer_of_shared(caller.viewer, dashboard, reader)
        found += [shorten(one) for one in read_pinned(pins, service, viewer, now)]
    return found


def shorten(tile: PinnedTile) -> HomeTile:
    """A pinned tile in short."""
    data = tile.data
    nothing = "No data in this period." if data.is_empty else ""
    drawn = tile.kind in {"lines", "bars"} and not data.is_empty
    return HomeTile(
        tile.id,
        tile.title,
        tile.says,
        tile.path,
        summary=data.summary,
        problem=data.problem or nothing,
        figures=data.figures[:SHOWN_FIGURES],
        lines=sparkline.draw(data.points, len(data.series), data.top) if drawn else [],
        rows=[] if drawn or data.figures else _rows(tile)[:SHOWN_ROWS],
    )


def _rows(tile: PinnedTile) -> list[ShortRow]:
    if tile.data.steps:
        return [ShortRow(step.name, step.count) for step in tile.data.steps]
    number = next((place for place, head in enumerate(tile.data.heads) if head.is_number), None)
    return [
        ShortRow(row.cells[0].text, "" if number is None else row.cells[number].text)
        for row in tile.data.rows
        if row.cells
    ]
