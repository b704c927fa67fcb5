"""The tiles of retention and funnels: who comes back, and how far people get."""

from backstage_py.insights import PathsAround, Retention
from backstage_py.insights.ui.builder import FunnelPlan
from backstage_py.insights.ui.tiles import Column, Tile
from backstage_py.insights.ui.views.shared import NAVIGATED

SHOWN_STEPS = 6
"""Ways on from each step of a path."""

RETENTION = (
    Tile(
        "cohorts",
        "Who comes back, week by week",
        "People by the week of their first visit, and the part of them who were here again.",
        lambda _grain, _query: Retention(),
        columns=(
            Column("cohort", "First seen", "date"),
            Column("users", "People", "number"),
            Column("week", "Week", "number"),
            Column("active", "Active", "number"),
            Column("share", "Share", "share"),
        ),
        picture="cohorts",
        is_wide=True,
        empty="Nobody came for the first time in this period.",
    ),
    Tile(
        "paths",
        "What comes after a page",
        "Step by step, from the chosen page on.",
        lambda _grain, query: PathsAround(
            query.more.get("path", "/"), limit=None, backwards=query.more.get("way") == "before"
        ),
        per=("step", SHOWN_STEPS),
        columns=(
            Column("step", "Step"),
            Column("from", "From", "path"),
            Column("to", "To", "path"),
            Column("moves", "Times", "number", is_measure=True),
        ),
        conditions=NAVIGATED,
        drill={"to": "path"},
        empty="Nobody was on that page in this period.",
        is_wide=True,
    ),
)

FUNNEL = Tile(
    "built-funnel",
    "A funnel of your own",
    "Who did the first step, and of them who did the next one, and so on. Other events may lie "
    "between.",
    lambda _grain, query: FunnelPlan.read(query).to_question(),
    columns=(
        Column("step", "Step"),
        Column("name", "Event"),
        Column("count", "Count", "number"),
        Column("share", "Of the first", "share"),
        Column("medianSeconds", "Median time", "seconds"),
    ),
    picture="funnel",
    is_wide=True,
    empty="Nobody took the first step in this period.",
)
