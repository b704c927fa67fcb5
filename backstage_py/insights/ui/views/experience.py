"""The tiles about how an app feels: its speed, its errors, and what people say."""

from backstage_py.insights import (
    Errors,
    Exposure,
    FeedbackAfter,
    FeedbackAnswers,
    VisitLength,
    WebVitals,
)
from backstage_py.insights.questions.experience import BY
from backstage_py.insights.ui.page_query import PageQuery
from backstage_py.insights.ui.tiles import Column, FigureSpec, Kind, Tile
from backstage_py.insights.ui.views.shared import SHOWN_ROWS, USERS, is_

PER = {"routeRef": "Page", "pluginId": "Plugin", "appVersion": "Version"}
"""What the tiles can be broken down by."""
_KINDS: dict[str, Kind] = {"routeRef": "text", "pluginId": "plugin", "appVersion": "text"}
_ROWS = 20
OF = "of"
"""The key of the column that the address chooses."""


def chosen_field(query: PageQuery) -> str:
    """The field that the address chooses."""
    wanted = query.more.get("per", "")
    return wanted if wanted in BY else "routeRef"


def of_column(query: PageQuery) -> Column:
    """The column of that field."""
    field = chosen_field(query)
    return Column(OF, PER[field], _KINDS[field])


EXPERIENCE = (
    Tile(
        "visits",
        "Visits",
        "How long visits last, and how many end after one page.",
        lambda _grain, _query: VisitLength(),
        figures=(
            FigureSpec("visits", "Visits", "ended by 30 minutes without an event"),
            FigureSpec("medianSeconds", "Median length", "first to last event", "seconds"),
            FigureSpec("pagesPerVisit", "Pages per visit", "on average"),
            FigureSpec("bounceRate", "Bounces", "visits of one page", "share", less_is_better=True),
        ),
        is_wide=True,
    ),
    Tile(
        "vitals",
        "Web Vitals",
        "Three quarters of the loads were at most this slow. Milliseconds; CLS has no unit.",
        lambda _grain, query: WebVitals(chosen_field(query), limit=_ROWS),
        columns=(
            Column("metric", "Metric"),
            Column(OF, "Page"),
            Column("value", "75th percentile", "number"),
            Column("good", "Rated good", "share"),
            Column("samples", "Measured", "number", is_measure=True),
        ),
        conditions=(is_("action", "web-vital"),),
        drill={"metric": "subject"},
        empty="Nothing was measured in this period. AnalyticsPlugin(web_vitals=True) measures.",
        is_wide=True,
    ),
    Tile(
        "errors",
        "Errors",
        "Uncaught errors of pages and failed event handlers.",
        lambda _grain, query: Errors(chosen_field(query), limit=_ROWS),
        columns=(
            Column("error", "Error"),
            Column(OF, "Page"),
            Column("errors", "Times", "number", is_measure=True),
            Column("sessions", "Visits", "number"),
            USERS,
        ),
        conditions=(is_("action", "error"),),
        drill={"error": "subject"},
        empty="No errors in this period. AnalyticsPlugin(errors=True) captures them.",
        is_wide=True,
    ),
    Tile(
        "feedback",
        "Feedback",
        "Answers to analytics_feedback. Thumbs count 1 and 0, points 1 to 5.",
        lambda _grain, _query: FeedbackAnswers(limit=SHOWN_ROWS),
        columns=(
            Column("subject", "About"),
            Column("answers", "Answers", "number", is_measure=True),
            Column("mean", "Average", "number"),
            USERS,
        ),
        conditions=(is_("action", "feedback"),),
        drill={"subject": "subject"},
        empty="Nobody gave feedback in this period.",
        is_whole=True,
    ),
    Tile(
        "feedback-after",
        "Before the feedback",
        "What people had just done in the same visit when they answered.",
        lambda _grain, _query: FeedbackAfter(limit=SHOWN_ROWS),
        columns=(
            Column("subject", "About"),
            Column("action", "Action"),
            Column("on", "On"),
            Column("answers", "Answers", "number", is_measure=True),
            Column("mean", "Average", "number"),
        ),
        conditions=(is_("action", "feedback"),),
        empty="Nobody gave feedback in this period.",
        is_whole=True,
    ),
    Tile(
        "exposure",
        "Feature flags",
        "People who saw each variant, and how many of them ran a template afterwards.",
        lambda _grain, _query: Exposure(limit=_ROWS),
        columns=(
            Column("flag", "Flag"),
            Column("variant", "Variant"),
            Column("users", "People", "number", is_measure=True),
            Column("converted", "Ran a template", "number"),
            Column("share", "Share", "share"),
        ),
        conditions=(is_("action", "exposure"),),
        drill={"flag": "subject", "variant": "attributes.variant"},
        empty="No flag was shown in this period: capture exposure with the attribute variant.",
        is_wide=True,
    ),
)
