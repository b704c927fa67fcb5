"""The tile of the explorer: the answer to a question of one's own."""

from backstage_py.insights.ui.builder import Exploration
from backstage_py.insights.ui.tiles import Tile

EXPLORER = Tile(
    "exploration",
    "Answer",
    "The result of the query above.",
    lambda grain, query: Exploration.read(query).to_question(grain),
    is_wide=True,
    empty="No matching events in this period.",
)
