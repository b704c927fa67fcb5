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
        "The whole time, and how it compares with as long a time before it.",
        lambda _grain, _query: Totals(),
        figures=(
            FigureSpec("users", "Active people", "who were here and signed in"),
            FigureSpec("sessions", "Visits", "ended by 30 minutes without an event"),
            FigureSpec("navigations", "Pages seen", "each change of the address"),
            FigureSpec("events", "Events", "of every kind"),
            FigureSpec("anonymousSessions", "Not signed in", "visits of nobody in particular"),
            FigureSpec("runs", "Template runs", "tasks that were accepted"),
            FigureSpec("minutesSaved", "Time saved", "by templates that say how much", "hours"),
            FigureSpec("money", "Worth", "of the time saved, by the hourly rate", "money"),
        ),
        is_wide=True,
    ),
    Tile(
        "lifecycle",
        "Who is new, who stays, who comes back",
        "By week, unless you choose otherwise. New: never seen before. Returning: was here the "
        "week before, too. Resurrected: was away in between. Dormant: came the week before only.",
        lambda grain, query: Lifecycle(_by_week(grain, query)),
        columns=(
            DATE,
            Column("new", "New", "number"),
            Column("returning", "Returning", "number"),
            Column("resurrected", "Resurrected", "number"),
            Column("dormant", "Dormant", "number"),
        ),
        chart=Chart(
            "bars",
            {"returning": "Returning", "new": "New", "resurrected": "Resurrected"},
            "people",
        ),
        pieces=_by_week,
    ),
    Tile(
        "stickiness",
        "Active people by day, week and month",
        "Each point counts who was here in the 1, 7 and 30 days that end with it. Stickiness is "
        "the day's part of the month.",
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
        "Of those whom the catalog knows",
        "How many of the people in the catalog were here in this time.",
        lambda _grain, _query: Reach(),
        figures=(
            FigureSpec("share", "Reached", "of the people the catalog knows", "share"),
            FigureSpec("active", "Active and known", "people"),
            FigureSpec("known", "Known", "people in the catalog"),
            FigureSpec("unknown", "Active, not known", "people the catalog does not know"),
        ),
    ),
    Tile(
        "teams",
        "By team",
        "Whoever is in two teams counts in both.",
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
        "How often people came, and how many pages they saw.",
        lambda grain, _query: Activity(grain),
        columns=(
            DATE,
            Column("sessions", "Visits", "number"),
            Column("navigations", "Pages", "number"),
            Column("events", "Events", "number"),
            USERS,
        ),
        chart=Chart("lines", {"navigations": "Pages", "sessions": "Visits"}, "count"),
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours, as the templates that were run say it.",
        lambda grain, _query: TimeSaved(grain),
        columns=(DATE, Column("runs", "Runs", "number"), HOURS, MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=CREATED,
    ),
)
