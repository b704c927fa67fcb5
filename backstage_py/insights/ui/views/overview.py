"""The tiles of the overview: who comes, and what it is worth."""

from backstage_py.insights import (
    ActiveByTeam,
    Activity,
    Grain,
    Lifecycle,
    Reach,
    Stickiness,
    TimeSaved,
    Totals,
)
from backstage_py.insights.ui.page_query import PageQuery
from backstage_py.insights.ui.tiles import Chart, Column, FigureSpec, Tile
from backstage_py.insights.ui.views.shared import CREATED, DATE, HOURS, MONEY, USERS

_SIZES = list(Grain).index


def _by_week(grain: Grain, query: PageQuery) -> Grain:
    """Weeks or longer, unless the user chose: most people do not come every day."""
    return grain if query.grain else max(grain, Grain.WEEK, key=_SIZES)


OVERVIEW = (
    Tile(
        "totals",
        "At a glance",
        "Totals for this period, compared with the previous one.",
        lambda _grain, _query: Totals(),
        figures=(
            FigureSpec("users", "Active people", "signed-in people who visited"),
            FigureSpec("sessions", "Visits", "ended by 30 minutes without an event"),
            FigureSpec("navigations", "Page views", "each change of the address"),
            FigureSpec("events", "Events", "of every kind"),
            FigureSpec(
                "anonymousSessions", "Not signed in", "visits by people who are not signed in"
            ),
            FigureSpec("runs", "Template runs", "tasks that were started"),
            FigureSpec("minutesSaved", "Time saved", "according to the templates", "hours"),
            FigureSpec("money", "Value of time saved", "at the configured hourly rate", "money"),
        ),
        is_wide=True,
    ),
    Tile(
        "lifecycle",
        "New, returning and reactivated people",
        "By week, unless you choose another interval. New: first visit. Returning: also visited "
        "the week before. Reactivated: back after a break. Dormant: visited only the week before.",
        lambda grain, query: Lifecycle(_by_week(grain, query)),
        columns=(
            DATE,
            Column("new", "New", "number"),
            Column("returning", "Returning", "number"),
            Column("resurrected", "Reactivated", "number"),
            Column("dormant", "Dormant", "number"),
        ),
        chart=Chart(
            "bars",
            {"returning": "Returning", "new": "New", "resurrected": "Reactivated"},
            "people",
        ),
        pieces=_by_week,
    ),
    Tile(
        "stickiness",
        "Active people by day, week and month",
        "Active people in the 1, 7 and 30 days up to each date. Stickiness is daily divided by "
        "monthly active people.",
        lambda _grain, _query: Stickiness(),
        columns=(
            DATE,
            Column("day", "Day", "number"),
            Column("week", "Week", "number"),
            Column("month", "Month", "number"),
            Column("stickiness", "Stickiness", "share"),
        ),
        chart=Chart("lines", {"month": "30 days", "week": "7 days", "day": "1 day"}, "people"),
        pieces=lambda _grain, _query: Grain.DAY,
    ),
    Tile(
        "reach",
        "Reach in your organization",
        "The share of people in the catalog who visited in this period.",
        lambda _grain, _query: Reach(),
        figures=(
            FigureSpec("share", "Reached", "of the people in the catalog", "share"),
            FigureSpec("active", "Active", "people"),
            FigureSpec("known", "Known", "people in the catalog"),
            FigureSpec("unknown", "Active, not in the catalog", "people without a catalog entry"),
        ),
    ),
    Tile(
        "teams",
        "By team",
        "People in several teams are counted in each.",
        lambda _grain, _query: ActiveByTeam(),
        columns=(
            Column("team", "Team", "entity"),
            Column("users", "Active", "number", is_measure=True),
            Column("members", "Members", "number"),
            Column("share", "Reached", "share"),
            Column("events", "Events", "number"),
        ),
        drill={"team": "team"},
    ),
    Tile(
        "activity",
        "Visits and pages",
        "Visits, and the pages seen during them.",
        lambda grain, _query: Activity(grain),
        columns=(
            DATE,
            Column("sessions", "Visits", "number"),
            Column("navigations", "Pages", "number"),
            Column("events", "Events", "number"),
            USERS,
        ),
        chart=Chart("lines", {"navigations": "Pages", "sessions": "Visits"}, "", is_compared=True),
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours saved, according to the templates.",
        lambda grain, _query: TimeSaved(grain),
        columns=(DATE, Column("runs", "Runs", "number"), HOURS, MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=CREATED,
    ),
)
