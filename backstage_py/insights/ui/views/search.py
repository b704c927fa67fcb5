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
        "A search is a term someone looked for; paging and filters do not count again.",
        lambda _grain, _query: SearchQuality(),
        figures=(
            FigureSpec("searches", "Searches", "terms looked for"),
            FigureSpec("users", "People who searched", "signed in"),
            FigureSpec(
                "withoutResult", "Without a result", "nothing was found", less_is_better=True
            ),
            FigureSpec(
                "withoutClick", "Without a click", "nothing was opened", less_is_better=True
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
            Column("withoutResult", "Without a result", "number"),
            Column("withoutClick", "Without a click", "number"),
            USERS,
        ),
        chart=Chart(
            "lines",
            {
                "searches": "Searches",
                "withoutClick": "Without a click",
                "withoutResult": "Without a result",
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
        "And how many results they had on average.",
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
        "Found nothing",
        "What people look for here and is not there, or has another name.",
        lambda _grain, _query: SearchesWithoutResult(limit=SHOWN_ROWS),
        columns=(
            Column("term", "Term"),
            Column("searches", "Searches", "number", is_measure=True),
        ),
        conditions=SEARCHED,
        drill={"term": "term"},
        empty="Every search found something.",
    ),
    Tile(
        "unopened",
        "Nothing was opened",
        "Searches after which nothing was clicked, those that found nothing among them.",
        lambda _grain, _query: SearchesWithoutClick(limit=SHOWN_ROWS),
        columns=(
            Column("term", "Term"),
            Column("withoutClick", "Without a click", "number", is_measure=True),
            Column("searches", "Searches", "number"),
            Column("share", "Part", "share"),
        ),
        conditions=SEARCHED,
        drill={"term": "term"},
        empty="After every search something was opened.",
    ),
    Tile(
        "opened",
        "Results opened",
        "And at which rank they stood on average.",
        lambda _grain, _query: OpenedResults(limit=SHOWN_ROWS),
        columns=(
            Column("subject", "Result"),
            Column("to", "Leads to", "path"),
            Column("opened", "Opened", "number", is_measure=True),
            Column("meanRank", "Mean rank", "number"),
        ),
        conditions=DISCOVERED,
        drill={"subject": "subject", "to": "to"},
    ),
    Tile(
        "refinements",
        "Reworded searches",
        "Which term came right after which in one visit, and nothing was opened in between.",
        lambda _grain, _query: Refinements(limit=SHOWN_ROWS),
        columns=(
            Column("from", "First"),
            Column("to", "Then"),
            Column("times", "Times", "number", is_measure=True),
        ),
        conditions=SEARCHED,
        drill={"to": "term"},
        is_wide=True,
        empty="Nobody searched twice in a visit.",
    ),
)
