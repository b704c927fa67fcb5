"""The tiles of an app that has no catalog: those of the portal that ask for none."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backstage_py.insights.ui.tiles import Tile
from backstage_py.insights.ui.views.overview import OVERVIEW
from backstage_py.insights.ui.views.plugins import PLUGINS
from backstage_py.insights.ui.views.retention import RETENTION

_FIGURES = ("users", "sessions", "navigations", "events", "anonymousSessions")


def _pick(tiles: Iterable[Tile], *ids: str) -> list[Tile]:
    found = {tile.id: tile for tile in tiles}
    return [found[one] for one in ids]


def _without_templates(tile: Tile) -> Tile:
    return replace(tile, figures=tuple(one for one in tile.figures if one.key in _FIGURES))


USAGE: Sequence[Tile] = (
    *map(_without_templates, _pick(OVERVIEW, "totals")),
    *_pick(OVERVIEW, "activity", "lifecycle", "stickiness"),
)
PAGES: Sequence[Tile] = _pick(PLUGINS, "pages", "clicks", "routes", "entries", "exits")
PATHS: Sequence[Tile] = (*RETENTION, *_pick(PLUGINS, "moves"))
