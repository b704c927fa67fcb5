"""The tiles of the search: what is looked for, and whether it is found."""

from backstage_py.insights import (
    OpenedResults,
    Refinements,
    Searches,
    SearchesWithoutClick,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
)
from backstage_py.insights.ui.tiles import Chart, Column, FigureSpec, Tile
from backstage_py.insights.ui.views.shared import DATE, DISCOVERED, SEARCHED, SHOWN_ROWS, USERS

SEARCH = (
    Tile(
        "quality",
        "At a glance",
        "Each search counts once; paging and filtering its results do not count again.",
        lambda _grain, _query: SearchQuality(),
        figures=(
            FigureSpec("searches", "Searches", "terms that were searched for"),
            FigureSpec("users", "People who searched", "signed-in people"),
            FigureSpec("withoutResult", "Without results", "no results", less_is_better=True),
            FigureSpec(
                "withoutClick", "Without clicks", "no result was opened", less_is_better=True
            ),
            FigureSpec("opened", "Results opened", "after a search"),
            FigureSpec("meanRank", "Mean rank opened", "1 is the first", less_is_better=True),
            FigureSpec("terms", "Different terms", "in any spelling"),
            FigureSpec(
                "refinements",
                "Reworded searches",
                "another term right after",
                less_is_better=True,
            ),
        ),
        conditions=SEARCHED,
        is_wide=True,
    ),
    Tile(
        "volume",
        "Searches over time",
        "All searches, those without results, and those without a click.",
        lambda grain, _query: SearchVolume(grain),
        columns=(
            DATE,
            Column("searches", "Searches", "number"),
            Column("withoutResult", "Without results", "number"),
            Column("withoutClick", "Without clicks", "number"),
            USERS,
        ),
        chart=Chart(
            "lines",
            {
                "searches": "Searches",
                "withoutClick": "Without clicks",
                "withoutResult": "Without results",
            },
            "searches",
            is_compared=True,
        ),
        conditions=SEARCHED,
        is_wide=True,
    ),
    Tile(
        "terms",
        "Most searched",
        "With the average number of results.",
        lambda _grain, _query: Searches(limit=SHOWN_ROWS),
        columns=(
            Column("term", "Term"),
            Column("searches", "Searches", "number", is_measure=True),
            Column("meanResults", "Results", "number"),
        ),
        conditions=SEARCHED,
        drill={"term": "term"},
    ),
    Tile(
        "empty",
        "Searches without results",
        "What people look for that is missing here or has another name.",
        lambda _grain, _query: SearchesWithoutResult(limit=SHOWN_ROWS),
        columns=(
            Column("term", "Term"),
            Column("searches", "Searches", "number", is_measure=True),
        ),
        conditions=SEARCHED,
        drill={"term": "term"},
        empty="Every search had results.",
    ),
    Tile(
        "unopened",
        "Searches without a click",
        "Searches after which no result was opened, including those without results.",
        lambda _grain, _query: SearchesWithoutClick(limit=SHOWN_ROWS),
        columns=(
            Column("term", "Term"),
            Column("withoutClick", "Without clicks", "number", is_measure=True),
            Column("searches", "Searches", "number"),
            Column("share", "Share", "share"),
        ),
        conditions=SEARCHED,
        drill={"term": "term"},
        empty="A result was opened after every search.",
    ),
    Tile(
        "opened",
        "Results opened",
        "With their average rank.",
        lambda _grain, _query: OpenedResults(limit=SHOWN_ROWS),
        columns=(
            Column("subject", "Result"),
            Column("to", "Destination", "path"),
            Column("opened", "Opened", "number", is_measure=True),
            Column("meanRank", "Mean rank", "number"),
        ),
        conditions=DISCOVERED,
        drill={"subject": "subject", "to": "to"},
    ),
    Tile(
        "refinements",
        "Reworded searches",
        "Pairs of terms searched one after the other in a visit, with no result opened in between.",
        lambda _grain, _query: Refinements(limit=SHOWN_ROWS),
        columns=(
            Column("from", "First"),
            Column("to", "Then"),
            Column("times", "Times", "number", is_measure=True),
        ),
        conditions=SEARCHED,
        drill={"to": "term"},
        is_wide=True,
        empty="Nobody searched twice in one visit.",
    ),
)
