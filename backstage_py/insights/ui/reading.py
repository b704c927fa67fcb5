"""A whole page of answers: which questions its tiles ask, and what comes back."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backstage_py.analytics import AnalyticsError
from backstage_py.insights import Condition, Operator, Scope, Viewer
from backstage_py.insights.ui.builder import Exploration, read_filters, spread, title_of
from backstage_py.insights.ui.page_query import PageQuery
from backstage_py.insights.ui.rows import (
    TileData,
    Wording,
    build_points,
    build_tile,
    highest_point,
    list_marks,
    list_ticks,
)
from backstage_py.insights.ui.service import Answered, Asked, InsightsService
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.ui.tiles import Tile, list_shown
from backstage_py.insights.ui.views import EXPLORER, VIEWS
from backstage_py.insights.ui.views.experience import OF, of_column

_logger = logging.getLogger(__name__)

NO_ANSWER = "This question could not be answered. See the server's log for the reason."


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that is read at a moment."""

    view: str
    query: PageQuery
    now: datetime

    @property
    def scope(self) -> Scope:
        """The events of the page: those of its period that meet its filters."""
        where = read_filters(self.query)
        return Scope(self.query.to_window(self.now), where, sample=self.query.sample)

    @property
    def tiles(self) -> Sequence[Tile]:
        """The tiles of the page, as the address wants them."""
        return [fit(tile, self.query) for tile in VIEWS.get(self.view, ())]

    def read(
        self, service: InsightsService, viewer: Viewer, *, only: Collection[str] | None = None
    ) -> dict[str, TileData]:
        """What each tile shows, by its id; blocks until the engine has answered.

        Args:
            service: Asks the engine.
            viewer: Who looks.
            only: The ids of the tiles to read; all of the page unless given.
        """
        tiles = [tile for tile in self.tiles if only is None or tile.id in only]
        scope = self.scope
        grain = self.query.to_grain(scope.window)
        asked: list[Asked | Exception] = []
        for tile in tiles:
            try:
                asked.append(
                    Asked(tile.ask(grain, self.query), tile.conditions, _is_compared(tile))
                )
            except AnalyticsError as error:
                asked.append(error)
        answers = iter(
            service.ask_all([one for one in asked if isinstance(one, Asked)], scope, viewer)
        )
        wording = Wording(
            get_settings(),
            scope.window,
            grain,
            service.page_of,
            service.title_of,
            service.plugin_title,
            service.page_title,
            service.annotations(scope.window),
        )
        return {
            tile.id: _show(
                tile,
                one if isinstance(one, Exception) else next(answers),
                replace(wording, grain=tile.pieces(grain, self.query)) if tile.pieces else wording,
            )
            for tile, one in zip(tiles, asked, strict=True)
        }

    def write_sql(self, tile_id: str, service: InsightsService, viewer: Viewer) -> str:
        """The SQL of a tile's answer, with its values; empty for a tile that is not there.

        Raises:
            AnalyticsError: If the question is wrong, or not for this viewer.
        """
        tile = next((one for one in self.tiles if one.id == tile_id), None)
        if tile is None:
            return ""
        question = tile.ask(self.query.to_grain(self.scope.window), self.query)
        return service.ask(question, self.scope, viewer).sql


def fit(tile: Tile, query: PageQuery) -> Tile:
    """A tile with the columns and conditions that an address asks for."""
    if tile is not EXPLORER:
        chosen = [
            Condition(name, Operator.IS, (query.more[parameter],))
            for parameter, name in tile.chosen.items()
            if parameter in query.more
        ]
        has_rate = get_settings().rate is not None
        columns = [of_column(query) if one.key == OF else one for one in tile.columns]
        shown = list_shown(columns, has_rate=has_rate)
        return replace(tile, columns=shown, conditions=(*tile.conditions, *chosen))
    exploration = Exploration.read(query)
    drill = {name: name for name in exploration.by}
    return replace(tile, title=_name(exploration), columns=exploration.columns(), drill=drill)


def _name(exploration: Exploration) -> str:
    by = ", ".join(title_of(name).lower() for name in exploration.by)
    over = " over time" if exploration.is_over_time else ""
    return f"{exploration.title()} by {by}{over}" if by else f"{exploration.title()}{over}"


def _is_compared(tile: Tile) -> bool:
    return bool(tile.figures) or (tile.chart is not None and tile.chart.is_compared)


def _show(tile: Tile, answered: Answered | Exception, wording: Wording) -> TileData:
    if isinstance(answered, Exception):
        if isinstance(answered, AnalyticsError):
            return TileData(is_ready=True, problem=str(answered))
        _logger.error("The tile %s has no answer", tile.id, exc_info=answered)
        return TileData(is_ready=True, problem=NO_ANSWER)
    answer = answered.answer
    if tile.per is not None:
        answer = replace(answer, rows=tuple(_first_of_each(answer.rows, *tile.per)))
    data = build_tile(tile, answer, answered.before, answered.trust, wording)
    if tile.id == EXPLORER.id:
        data = _explored(data, tile, [dict(row) for row in answer.rows], wording)
    return data


def _explored(data: TileData, tile: Tile, rows: list[dict[str, Any]], wording: Wording) -> TileData:
    """The explorer's answer with its column heads and the lines of its chart."""
    heads = [column.title for column in tile.columns]
    if not any(column.key == "date" for column in tile.columns):
        return replace(data, columns=heads, title=tile.title)
    by = [column.key for column in tile.columns if column.key not in {"date", "value"}]
    if "pluginId" in by:
        titles = wording.plugin_title
        rows = [
            {**row, "pluginId": titles(str(row["pluginId"])) or row["pluginId"]} for row in rows
        ]
    chart, points = spread(rows, by)
    if chart is None:
        return replace(data, columns=heads, title=tile.title)
    return replace(
        data,
        columns=heads,
        title=tile.title,
        points=build_points(chart, points, wording),
        series=list(chart.series.values()),
        ticks=(ticks := list_ticks(highest_point(chart, points))),
        top=ticks[-1],
        marks=list_marks(points, wording),
    )


def _first_of_each(rows: Sequence[Any], key: str, count: int) -> list[Any]:
    seen: dict[Any, int] = {}
    kept: list[Any] = []
    for row in rows:
        seen[row[key]] = seen.get(row[key], 0) + 1
        if seen[row[key]] <= count:
            kept.append(row)
    return kept
