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
    """The week or longer, unless somebody has chosen: on most days most people are away."""
    return grain if query.grain else max(grain, Grain.WEEK, key=_SIZES)


OVERVIEW = (
    Tile(
        "totals",
        "At a glance",
        "Totals for this period, compared with the previous one.",
        lambda _grain, _query: Totals(),
        figures=(
            FigureSpec("users", "Active people", "signed in"),
            FigureSpec("sessions", "Visits", "ended by 30 minutes without an event"),
            FigureSpec("navigations", "Page views", "each change of the address"),
            FigureSpec("events", "Events", "of every kind"),
            FigureSpec("anonymousSessions", "Anonymous visits", "nobody had signed in"),
            FigureSpec("runs", "Template runs", "accepted tasks"),
            FigureSpec("minutesSaved", "Time saved", "as templates state it", "hours"),
            FigureSpec("money", "Value of time saved", "at the hourly rate", "money"),
        ),
        is_wide=True,
    ),
    Tile(
        "lifecycle",
        "New, returning and reactivated people",
        "By week unless you choose otherwise. New: first time. Returning: also active the week "
        "before. Reactivated: back after a break. Dormant: active only the week before.",
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
        "Each point counts people active in the 1, 7 and 30 days up to it. Stickiness is daily "
        "as a share of monthly.",
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
        "Reach in your organisation",
        "How many of the people in the catalog were active.",
        lambda _grain, _query: Reach(),
        figures=(
            FigureSpec("share", "Reached", "of the known people", "share"),
            FigureSpec("active", "Active and known", "people"),
            FigureSpec("known", "Known", "people in the catalog"),
            FigureSpec("unknown", "Active, not in the catalog", "people"),
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
        "Visits and page views",
        "How often people came, and how many pages they opened.",
        lambda grain, _query: Activity(grain),
        columns=(
            DATE,
            Column("sessions", "Visits", "number"),
            Column("navigations", "Page views", "number"),
            Column("events", "Events", "number"),
            USERS,
        ),
        chart=Chart(
            "lines", {"navigations": "Page views", "sessions": "Visits"}, "", is_compared=True
        ),
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours, as the templates that were run state it.",
        lambda grain, _query: TimeSaved(grain),
        columns=(DATE, Column("runs", "Runs", "number"), HOURS, MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=CREATED,
    ),
)
