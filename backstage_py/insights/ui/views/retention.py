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
        "Weekly retention",
        "People by the week of their first visit, and the share who came back.",
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
        empty="Nobody visited for the first time in this period.",
    ),
    Tile(
        "paths",
        "Paths from a page",
        "Step by step, starting at the selected page.",
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
        empty="Nobody viewed that page in this period.",
        is_wide=True,
    ),
)

FUNNEL = Tile(
    "built-funnel",
    "Custom funnel",
    "People who completed each step, in order. Other events may happen in between.",
    lambda _grain, query: FunnelPlan.read(query).to_question(),
    columns=(
        Column("step", "Step"),
        Column("name", "Event"),
        Column("count", "Count", "number"),
        Column("share", "Of first step", "share"),
        Column("medianSeconds", "Median time", "seconds"),
    ),
    picture="funnel",
    is_wide=True,
    empty="Nobody completed the first step in this period.",
)
