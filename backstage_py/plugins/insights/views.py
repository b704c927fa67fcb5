"""The tiles of each page."""

from backstage_py.insights import (
    ActiveByTeam,
    Activity,
    Condition,
    Entries,
    Exits,
    Grain,
    Lifecycle,
    Moves,
    NotFound,
    NotFoundReferrers,
    OpenedResults,
    Operator,
    PathsAround,
    Reach,
    Refinements,
    Retention,
    Searches,
    SearchesWithoutClick,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
    Stickiness,
    TemplateFunnel,
    TemplateOutcomes,
    TimeSaved,
    TimeSavedByTeam,
    TopClicks,
    TopEntities,
    TopExtensions,
    TopPages,
    TopPlugins,
    TopRoutes,
    Totals,
    Unvisited,
    ViewsByOwner,
)
from backstage_py.plugins.insights.builder import Exploration, FunnelPlan
from backstage_py.plugins.insights.page_query import PageQuery
from backstage_py.plugins.insights.tiles import Chart, Column, FigureSpec, Tile

SHOWN_ROWS = 10
SHOWN_STEPS = 6
"""Ways on from each step of a path."""
TECHDOCS = "techdocs"


def _is(field: str, *values: str) -> Condition:
    return Condition(field, Operator.IS, values)


_SIZES = list(Grain).index


def _by_week(grain: Grain, query: PageQuery) -> Grain:
    """The week or longer, unless somebody has chosen: on most days most people are away."""
    return grain if query.grain else max(grain, Grain.WEEK, key=_SIZES)


_EVENTS = Column("events", "Events", "number", is_measure=True)
_USERS = Column("users", "People", "number")
_VIEWS = Column("views", "Views", "number", is_measure=True)
_DATE = Column("date", "Time", "date")
_HOURS = Column("minutesSaved", "Time saved", "hours")
_MONEY = Column("money", "Worth", "money")
_SEARCHED = (_is("action", "search"),)
_DISCOVERED = (_is("action", "discover"),)
_NAVIGATED = (_is("action", "navigate"),)
_CREATED = (_is("action", "create"),)
_LOST = (_is("action", "not-found"),)

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
            _DATE,
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
            _DATE,
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
            _DATE,
            Column("sessions", "Visits", "number"),
            Column("navigations", "Pages", "number"),
            Column("events", "Events", "number"),
            _USERS,
        ),
        chart=Chart("lines", {"navigations": "Pages", "sessions": "Visits"}, "count"),
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours, as the templates that were run say it.",
        lambda grain, _query: TimeSaved(grain),
        columns=(_DATE, Column("runs", "Runs", "number"), _HOURS, _MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=_CREATED,
    ),
)

PLUGINS = (
    Tile(
        "plugins",
        "Most used plugins",
        "By everything that was captured in them.",
        lambda _grain, _query: TopPlugins(limit=SHOWN_ROWS),
        columns=(Column("pluginId", "Plugin"), _EVENTS, _USERS),
        drill={"pluginId": "pluginId"},
    ),
    Tile(
        "clicks",
        "Most clicked",
        "On the chosen route, or anywhere.",
        lambda _grain, query: TopClicks(route=query.more.get("route"), limit=SHOWN_ROWS),
        columns=(
            Column("subject", "What"),
            Column("to", "Leads to", "path"),
            Column("clicks", "Clicks", "number", is_measure=True),
        ),
        conditions=(_is("action", "click"),),
        drill={"subject": "subject", "to": "to"},
        chosen={"route": "routeRef"},
        empty="Nothing was clicked there in this time.",
    ),
    Tile(
        "routes",
        "Most used routes",
        "Choose one to see what is clicked there.",
        lambda _grain, _query: TopRoutes(limit=SHOWN_ROWS),
        columns=(
            Column("routeRef", "Route", "route"),
            Column("pluginId", "Plugin"),
            _EVENTS,
            _USERS,
        ),
        drill={"routeRef": "routeRef", "pluginId": "pluginId"},
    ),
    Tile(
        "extensions",
        "Most used extensions",
        "Pages, cards and tabs, as their plugins declare them.",
        lambda _grain, _query: TopExtensions(limit=SHOWN_ROWS),
        columns=(Column("extension", "Extension"), Column("pluginId", "Plugin"), _EVENTS, _USERS),
        drill={"extension": "extension", "pluginId": "pluginId"},
    ),
    Tile(
        "pages",
        "Most seen pages",
        "By address, without query and hash.",
        lambda _grain, _query: TopPages(limit=SHOWN_ROWS),
        columns=(Column("path", "Page", "path"), _VIEWS, _USERS),
        conditions=_NAVIGATED,
        drill={"path": "path"},
    ),
    Tile(
        "moves",
        "Ways from page to page",
        "Two pages that were seen one after the other in a visit.",
        lambda _grain, _query: Moves(limit=SHOWN_ROWS),
        columns=(
            Column("from", "From", "path"),
            Column("to", "To", "path"),
            Column("moves", "Times", "number", is_measure=True),
            Column("sessions", "Visits", "number"),
        ),
        conditions=_NAVIGATED,
        drill={"to": "path"},
    ),
    Tile(
        "entries",
        "Where visits begin",
        "The first page of each visit.",
        lambda _grain, _query: Entries(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Page", "path"),
            Column("sessions", "Visits", "number", is_measure=True),
        ),
        conditions=_NAVIGATED,
        drill={"path": "path"},
    ),
    Tile(
        "exits",
        "Where visits end",
        "The last page of each visit.",
        lambda _grain, _query: Exits(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Page", "path"),
            Column("sessions", "Visits", "number", is_measure=True),
        ),
        conditions=_NAVIGATED,
        drill={"path": "path"},
    ),
)

SEARCH = (
    Tile(
        "quality",
        "At a glance",
        "A search is a term that one asked for; paging and filters do not count again.",
        lambda _grain, _query: SearchQuality(),
        figures=(
            FigureSpec("searches", "Searches", "terms that were asked for"),
            FigureSpec("users", "People who searched", "and signed in"),
            FigureSpec("withoutResult", "Without a result", "nothing was found"),
            FigureSpec("withoutClick", "Without a click", "nothing was opened"),
            FigureSpec("opened", "Results opened", "after a search"),
            FigureSpec("meanRank", "Mean rank opened", "1 is the first; lower is better"),
            FigureSpec("terms", "Different terms", "as they were typed"),
            FigureSpec("refinements", "Said in other words", "another term right after"),
        ),
        conditions=_SEARCHED,
        is_wide=True,
    ),
    Tile(
        "volume",
        "Searches over time",
        "All of them, those that found nothing, and those after which nothing was opened.",
        lambda grain, _query: SearchVolume(grain),
        columns=(
            _DATE,
            Column("searches", "Searches", "number"),
            Column("withoutResult", "Without a result", "number"),
            Column("withoutClick", "Without a click", "number"),
            _USERS,
        ),
        chart=Chart(
            "lines",
            {
                "searches": "Searches",
                "withoutClick": "Without a click",
                "withoutResult": "Without a result",
            },
            "searches",
        ),
        conditions=_SEARCHED,
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
        conditions=_SEARCHED,
        drill={"term": "subject"},
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
        conditions=_SEARCHED,
        drill={"term": "subject"},
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
        conditions=_SEARCHED,
        drill={"term": "subject"},
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
        conditions=_DISCOVERED,
        drill={"subject": "subject", "to": "to"},
    ),
    Tile(
        "refinements",
        "Said in other words",
        "Which term came right after which in one visit, and nothing was opened in between.",
        lambda _grain, _query: Refinements(limit=SHOWN_ROWS),
        columns=(
            Column("from", "First"),
            Column("to", "Then"),
            Column("times", "Times", "number", is_measure=True),
        ),
        conditions=_SEARCHED,
        drill={"to": "subject"},
        is_wide=True,
        empty="Nobody searched twice in a visit.",
    ),
)

TEMPLATES = (
    Tile(
        "funnel",
        "From opening a template to what it made",
        "How many visits got so far, and where the others gave up.",
        lambda _grain, query: TemplateFunnel(template=query.more.get("template")),
        columns=(
            Column("name", "Step"),
            Column("sessions", "Visits", "number"),
            Column("share", "Of the first", "share"),
        ),
        chosen={"template": "entityRef"},
        picture="runs",
        is_wide=True,
        empty="No template was opened in this time.",
    ),
    Tile(
        "outcomes",
        "What became of the runs",
        "Choose a template to see its funnel. The time is the median from start to end.",
        lambda _grain, _query: TemplateOutcomes(),
        columns=(
            Column("entityRef", "Template", "template"),
            Column("created", "Runs", "number", is_measure=True),
            Column("completed", "Finished", "number"),
            Column("failed", "Failed", "number"),
            Column("cancelled", "Cancelled", "number"),
            Column("medianSeconds", "Takes", "seconds"),
            _HOURS,
            _MONEY,
        ),
        conditions=_CREATED,
        drill={"entityRef": "entityRef"},
        is_wide=True,
        empty="No template was run in this time.",
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours, as the templates that were run say it.",
        lambda grain, _query: TimeSaved(grain),
        columns=(_DATE, Column("runs", "Runs", "number"), _HOURS, _MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=_CREATED,
    ),
    Tile(
        "saved-by-team",
        "Time saved by team",
        "Whoever is in two teams counts in both.",
        lambda _grain, _query: TimeSavedByTeam(),
        columns=(
            Column("team", "Team", "entity"),
            Column("runs", "Runs", "number", is_measure=True),
            _USERS,
            _HOURS,
            _MONEY,
        ),
        conditions=_CREATED,
        drill={"team": "team"},
    ),
)

CONTENT = (
    Tile(
        "docs",
        "Most read documentation",
        "By the entity that it belongs to.",
        lambda _grain, _query: TopEntities(plugin=TECHDOCS, limit=SHOWN_ROWS),
        columns=(
            Column("entityRef", "Of", "entity"),
            Column("owner", "Owner", "entity"),
            _VIEWS,
            _USERS,
        ),
        conditions=(*_NAVIGATED, _is("pluginId", TECHDOCS)),
        drill={"entityRef": "entityRef"},
        empty="Nobody read documentation in this time.",
    ),
    Tile(
        "entities",
        "Most visited entities",
        "Their pages in the catalog.",
        lambda _grain, _query: TopEntities(plugin="catalog", limit=SHOWN_ROWS),
        columns=(
            Column("entityRef", "Entity", "entity"),
            Column("owner", "Owner", "entity"),
            _VIEWS,
            _USERS,
        ),
        conditions=(*_NAVIGATED, _is("pluginId", "catalog")),
        drill={"entityRef": "entityRef"},
    ),
    Tile(
        "owners",
        "By the team that owns it",
        "Visits of what is theirs, documentation included.",
        lambda _grain, _query: ViewsByOwner(),
        columns=(
            Column("owner", "Owner", "entity"),
            _VIEWS,
            _USERS,
            Column("entities", "Entities", "number"),
        ),
        conditions=_NAVIGATED,
    ),
    Tile(
        "unvisited",
        "Visited by nobody",
        "What is in the catalog, and no one looked at in this time.",
        lambda _grain, _query: Unvisited(limit=SHOWN_ROWS),
        columns=(Column("entityRef", "Entity", "entity"), Column("owner", "Owner", "entity")),
        empty="Everything in the catalog was visited.",
    ),
    Tile(
        "not-found",
        "Not found",
        "Addresses that led nowhere.",
        lambda _grain, _query: NotFound(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Address"),
            Column("hits", "Times", "number", is_measure=True),
        ),
        conditions=_LOST,
        drill={"path": "subject"},
        empty="Every address led somewhere.",
    ),
    Tile(
        "referrers",
        "Where they came from",
        "The page before an address that led nowhere; none means a bookmark or another site.",
        lambda _grain, _query: NotFoundReferrers(limit=SHOWN_ROWS),
        columns=(
            Column("path", "Address"),
            Column("referrer", "Came from", "path"),
            Column("hits", "Times", "number", is_measure=True),
        ),
        conditions=_LOST,
        drill={"path": "subject"},
        empty="Every address led somewhere.",
    ),
)

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
            Column("share", "Part", "share"),
        ),
        picture="cohorts",
        is_wide=True,
        empty="Nobody came for the first time in this time.",
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
        conditions=_NAVIGATED,
        drill={"to": "path"},
        empty="Nobody was on that page in this time.",
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
        Column("medianSeconds", "Takes", "seconds"),
    ),
    picture="funnel",
    is_wide=True,
    empty="Nobody took the first step in this time.",
)

EXPLORER = Tile(
    "exploration",
    "Answer",
    "As it was asked above.",
    lambda grain, query: Exploration.read(query).to_question(grain),
    is_wide=True,
    empty="No event is like that in this time.",
)

VIEWS = {
    "overview": OVERVIEW,
    "plugins": PLUGINS,
    "search": SEARCH,
    "templates": TEMPLATES,
    "content": CONTENT,
    "retention": (RETENTION[0], FUNNEL, RETENTION[1]),
    "explorer": (EXPLORER,),
}
