"""The tiles of all pages fit the questions behind their numbers."""

import pytest

from backstage_py.insights.ui.builder import is_field
from backstage_py.insights.ui.tiles import Tile
from backstage_py.insights.ui.views import VIEWS

TILES = [tile for tiles in VIEWS.values() for tile in tiles]


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.id)
def test_a_row_opens_the_events_that_it_counts(tile: Tile) -> None:
    """A condition on a field that the dialog does not know would be dropped, and open too much."""
    narrowed = [*tile.drill.values(), *(condition.field for condition in tile.conditions)]

    assert [name for name in narrowed if not is_field(name)] == []
