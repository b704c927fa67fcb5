"""Every number against a second computation, in plain Python over the exported events."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pytest

from backstage_py.analytics import EventStore
from backstage_py.insights import (
    ActiveByTeam,
    ActiveUsers,
    Activity,
    By,
    Condition,
    Directory,
    Entries,
    Exits,
    Explore,
    Funnel,
    Grain,
    Insights,
    Lifecycle,
    Measure,
    Moves,
    NotFound,
    NotFoundReferrers,
    OpenedResults,
    Operator,
    PathsAround,
    Question,
    Reach,
    Refinements,
    Retention,
    Row,
    RunOutcomes,
    Sample,
    Scope,
    Searches,
    SearchesWithoutClick,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
    Step,
    Stickiness,
    TemplateFunnel,
    TemplateOutcomes,
    Templates,
    TimeSaved,
    TimeSavedByTeam,
    TopClicks,
    TopEntities,
    TopExtensions,
    TopPages,
    TopPlugins,
    TopRoutes,
    TopUsers,
    Totals,
    Unvisited,
    ViewsByOwner,
    Window,
    list_members,
)
from tests.unit.analytics.recorded import recorded
from tests.unit.insights import plain
from tests.unit.insights.history import DIRECTORY, FIRST_DAY

_VISIT = {"session_id": "visit-1", "user": "user:default/u1"}

Company = tuple[EventStore, Insights]
Export = Callable[[Scope], list[dict[str, Any]]]

ALL = Scope(Window())
OCTOBER = Scope(
    Window(FIRST_DAY + timedelta(days=5, hours=7), FIRST_DAY + timedelta(days=40), "Europe/Berlin")
)  # summer time ends in it
SCOPES = pytest.mark.parametrize("scope", [ALL, OCTOBER], ids=["all", "window"])


def ask(company: Company, question: Question, scope: Scope) -> Sequence[Row]:
    return company[1].ask(question, scope, directory=DIRECTORY).rows


def same(rows: Sequence[Row], expected: Sequence[Row]) -> bool:
    return [_rounded(row) for row in rows] == [_rounded(row) for row in expected]


def _rounded(row: Row) -> Row:
    return {key: round(one, 9) if isinstance(one, float) else one for key, one in row.items()}


@SCOPES
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (TopPlugins(), plain.top_plugins),
        (TopPages(), plain.top_pages),
        (TopClicks(), plain.top_clicks),
        (TopClicks("r1"), lambda events: plain.top_clicks(events, "r1")),
        (TopClicks("no-such-route"), lambda _: []),
        (Searches(), plain.searches),
        (SearchesWithoutResult(), plain.searches_without_result),
        (Templates(), plain.templates),
        (NotFound(), plain.not_found),
        (Totals(), plain.totals),
        (Entries(), lambda events: plain.ends(events, 0)),
        (Exits(), lambda events: plain.ends(events, -1)),
        (Moves(), plain.moves),
        (SearchQuality(), plain.search_quality),
        (Refinements(), plain.refinements),
        (NotFoundReferrers(), plain.not_found_referrers),
    ],
    ids=lambda one: getattr(one, "__name__", None) or repr(one),
)
def test_rows_are_those_of_plain_python(
    company: Company, exported: Export, scope: Scope, question: Question, answer: Any
) -> None:
    assert same(ask(company, question, scope), answer(exported(scope)))


@SCOPES
def test_active_users_are_those_of_each_day_of_the_zone(
    company: Company, exported: Export, scope: Scope
) -> None:
    expected = plain.active_users(exported(scope), scope.window.zone)

    assert ask(company, ActiveUsers(), scope) == tuple(expected)


@SCOPES
@pytest.mark.parametrize("grain", list(Grain))
def test_activity_is_cut_by_the_zones_own_time_without_gaps(
    company: Company, exported: Export, scope: Scope, grain: Grain
) -> None:
    found = {row["date"]: row for row in ask(company, Activity(grain), scope)}
    expected = plain.activity(exported(scope), scope.window.zone, grain.value)

    busy = {day: row for day, row in found.items() if row["events"]}
    assert {day: {k: row[k] for k in expected[day]} for day, row in busy.items()} == expected
    assert list(found) == sorted(found)
    if grain is Grain.DAY:
        days = [date.fromisoformat(day) for day in found]
        assert len(days) == (days[-1] - days[0]).days + 1


def test_lifecycle_counts_new_returning_reactivated_and_dormant_users(
    company: Company, exported: Export
) -> None:
    before = Scope(Window(None, OCTOBER.window.until))
    expected = plain.lifecycle(exported(before), "Europe/Berlin")

    rows = ask(company, Lifecycle(Grain.WEEK), OCTOBER)

    kinds = ("new", "returning", "resurrected", "dormant")
    assert len(rows) == 6
    for row in rows:
        assert {kind: row[kind] for kind in kinds} == {
            kind: expected[row["date"]].get(kind, 0) for kind in kinds
        }


def test_stickiness_looks_back_over_thirty_days(company: Company, exported: Export) -> None:
    scope = Scope(Window.of_days(date(2026, 10, 20), date(2026, 11, 10), zone="Europe/Berlin"))
    days = [date(2026, 10, 20) + timedelta(days=offset) for offset in range(22)]
    events = exported(Scope(Window(None, scope.window.until)))

    assert same(ask(company, Stickiness(), scope), plain.stickiness(events, "Europe/Berlin", days))


@SCOPES
def test_teams_are_those_of_the_directory(company: Company, exported: Export, scope: Scope) -> None:
    expected = plain.teams(exported(scope), dict(DIRECTORY.teams_of))

    rows = ask(company, ActiveByTeam(), scope)
    created = [event for event in exported(scope) if event["action"] == "create"]
    saved = plain.teams(created, dict(DIRECTORY.teams_of))

    assert {row["team"]: (row["users"], row["events"]) for row in rows} == {
        team: numbers[:2] for team, numbers in expected.items()
    }
    assert {row["team"]: row["members"] for row in rows}["group:default/all"] == 10
    assert {
        row["team"]: (row["users"], row["runs"], row["minutesSaved"])
        for row in ask(company, TimeSavedByTeam(), scope)
    } == saved


def test_reach_is_against_the_known_users(company: Company) -> None:
    (row,) = ask(company, Reach(), ALL)

    assert row == {"known": 10, "active": 8, "share": 0.8, "unknown": 1}


def test_reach_leaves_out_users_whom_the_owner_names(company: Company) -> None:
    pilots = {"user:default/u1", "user:default/u9", "user:default/unknown"}
    directory = replace(DIRECTORY, left_out=frozenset(pilots))

    (row,) = company[1].ask(Reach(), ALL, directory=directory).rows
    teams = company[1].ask(ActiveByTeam(), ALL, directory=directory).rows

    assert row == {"known": 8, "active": 7, "share": 7 / 8, "unknown": 0}
    everybody = next(team for team in teams if team["team"] == "group:default/all")
    assert (everybody["members"], everybody["users"]) == (8, 7)


def test_reach_is_against_a_number_where_the_catalog_is_not_whole(company: Company) -> None:
    for known, expected in ((20, 20), (3, 9)):
        directory = replace(DIRECTORY, known_users=known)
        (row,) = company[1].ask(Reach(), ALL, directory=directory).rows
        assert row == {"known": expected, "active": 9, "share": 9 / expected, "unknown": 0}


def test_members_of_groups_below_are_members() -> None:
    teams = {"user:a/x": ("group:a/bots",), "user:a/y": ("group:a/people",), "user:a/z": ()}
    parents = {"group:a/bots": "group:a/machines", "group:a/machines": "group:a/bots"}

    assert list_members(["group:a/machines"], teams, parents) == {"user:a/x"}
    assert list_members(["user:a/z", "user:a/w"], teams, parents) == {"user:a/z", "user:a/w"}


@SCOPES
def test_top_users_routes_and_extensions(company: Company, exported: Export, scope: Scope) -> None:
    events = exported(scope)
    named = [event for event in events if event["user"]]

    users = {
        row["user"]: (row["events"], row["sessions"]) for row in ask(company, TopUsers(), scope)
    }
    assert users == {
        user: (len(own), len(plain.by_session(own)))
        for user, own in plain.groups(named, itemgetter("user")).items()
    }
    for question, key in ((TopRoutes(), "routeRef"), (TopExtensions(), "extension")):
        rows = ask(company, question, scope)
        assert {(row[key], row["pluginId"]): (row["events"], row["users"]) for row in rows} == {
            names: (len(own), plain.users_of(own))
            for names, own in plain.groups(
                events,
                lambda event, key=key: (event["context"][key], event["context"]["pluginId"]),
            ).items()
        }


@SCOPES
def test_searches_without_a_click(company: Company, exported: Export, scope: Scope) -> None:
    rows = ask(company, SearchesWithoutClick(), scope)

    assert {row["term"]: dict(row) for row in rows} == {
        row["term"]: row for row in plain.searches_without_click(exported(scope))
    }


@SCOPES
def test_search_volume_adds_up_to_the_search_quality(company: Company, scope: Scope) -> None:
    (quality,) = ask(company, SearchQuality(), scope)
    volume = ask(company, SearchVolume(Grain.DAY), scope)

    for name in ("searches", "withoutResult", "withoutClick"):
        assert sum(row[name] for row in volume) == quality[name]
    assert (
        sum(row["opened"] for row in ask(company, OpenedResults(None), scope)) == quality["opened"]
    )


@SCOPES
def test_time_saved_adds_up_to_the_templates(company: Company, scope: Scope) -> None:
    saved = sum(row["minutesSaved"] for row in ask(company, Templates(), scope))

    assert sum(row["minutesSaved"] for row in ask(company, TimeSaved(), scope)) == saved
    outcomes = ask(company, TemplateOutcomes(), scope)
    assert sum(row["minutesSaved"] for row in outcomes) == saved


@SCOPES
def test_outcomes_and_their_median_time(company: Company, exported: Export, scope: Scope) -> None:
    ends = ("create", "completed", "failed", "cancelled")
    runs = plain.of(exported(scope), *ends)
    for row in ask(company, TemplateOutcomes(), scope):
        own = [event for event in runs if plain.entity_of(event) == row["entityRef"]]
        counts = {
            end: len({_task_of(event) or event["id"] for event in plain.of(own, end)})
            for end in ends
        }
        counts["create"] = len(plain.of(own, "create"))
        assert [row["created"], *(row[end] for end in ends[1:])] == list(counts.values())
        times = []
        named = [event for event in own if event["user"]]
        for of_user in plain.groups(named, itemgetter("user")).values():
            for this, next_ in pairwise(of_user):
                if this["action"] == "create" != next_["action"]:
                    took = datetime.fromisoformat(next_["timestamp"])
                    times.append(took - datetime.fromisoformat(this["timestamp"]))
        middle = sorted(times)[(len(times) - 1) // 2].total_seconds() if times else None
        assert row["medianSeconds"] == middle


_OTHER = {"session_id": "visit-other"}


def _task_of(event: dict[str, Any]) -> str | None:
    return event["context"].get("taskId")


_SERVICE = "template:default/service"


@SCOPES
@pytest.mark.parametrize("template", [None, _SERVICE, "template:default/t2"])
def test_the_template_funnel_counts_visits_and_never_rises(
    company: Company, exported: Export, scope: Scope, template: str | None
) -> None:
    pages_of = dict(DIRECTORY.form_pages_of)

    rows = ask(company, TemplateFunnel(template), scope)

    counts = [row["sessions"] for row in rows]
    assert counts == plain.template_funnel(exported(scope), template, pages_of)
    assert counts == sorted(counts, reverse=True)


@SCOPES
def test_every_run_has_one_outcome(company: Company, exported: Export, scope: Scope) -> None:
    rows = ask(company, RunOutcomes(), scope)

    expected = Counter(end or "open" for _run, end in plain.run_ends(exported(scope)))
    assert Counter({row["outcome"]: row["runs"] for row in rows}) == expected


def test_the_funnel_of_one_template_has_the_titles_of_its_form(
    store: EventStore, insights: Insights
) -> None:
    template = {"entityRef": _SERVICE}
    form = {"routeRef": "scaffolder/selected-template"}
    names = {"namespace": "default", "name": "service"}
    ada = {"user": _VISIT["user"]}
    store.append([
        recorded(0, action="navigate", subject="/form", context=form, attributes=names, **_VISIT),
        recorded(1, action="navigate", subject="/other", context=form, attributes={}, **_VISIT),
        recorded(2, subject="Next Step (1)", context=template, **_VISIT),
        recorded(3, action="create", subject="x", context=template, **_VISIT),
        recorded(4, action="completed", subject="x", context=template, **ada),
        recorded(5, action="navigate", subject="/f", context=form, attributes=names, **_OTHER),
    ])  # fmt: skip
    directory = Directory(form_pages_of={_SERVICE: ("Where does it belong?", "")})

    rows = insights.ask(TemplateFunnel(_SERVICE), ALL, directory=directory).rows

    assert [(row["name"], row["sessions"]) for row in rows] == [
        ("Opened", 2),
        ("Where does it belong?", 1),
        ("Page 2", 1),
        ("Created", 1),
        ("Finished", 1),
    ]


@SCOPES
def test_entities_by_views_and_by_owner(company: Company, exported: Export, scope: Scope) -> None:
    expected = plain.top_entities(exported(scope))

    rows = ask(company, TopEntities(), scope)
    visited = {row["entityRef"] for row in rows}

    assert [{k: row[k] for k in ("entityRef", "views", "users")} for row in rows] == expected
    by_owner = Counter({row["owner"]: row["views"] for row in ask(company, ViewsByOwner(), scope)})
    assert by_owner == Counter({row["owner"]: row["views"] for row in rows if row["owner"]})
    assert {row["entityRef"] for row in ask(company, Unvisited(), scope)} == (
        set(DIRECTORY.owner_of) - visited
    )


@pytest.mark.parametrize("backwards", [False, True])
def test_paths_around_a_page(company: Company, exported: Export, *, backwards: bool) -> None:
    expected: Counter[tuple[int, str, str]] = Counter()
    for own in plain.by_session(plain.of(exported(ALL), "navigate")).values():
        pages = [plain.path_of(event) for event in own]
        pages = pages[::-1] if backwards else pages
        for start, page in enumerate(pages):
            chain = pages[start : start + 4]
            for step, (here, there) in enumerate(pairwise(chain), 1):
                if page == "/a":
                    expected[step, *((there, here) if backwards else (here, there))] += 1

    rows = ask(company, PathsAround("/a", limit=None, backwards=backwards), ALL)

    assert {(row["step"], row["from"], row["to"]): row["moves"] for row in rows} == expected


def test_retention_follows_each_weeks_newcomers(company: Company, exported: Export) -> None:
    expected = plain.retention(exported(ALL), "UTC")

    rows = ask(company, Retention(52), ALL)

    assert {
        (row["cohort"], row["week"]): row["active"] for row in rows if row["active"]
    } == expected
    assert all(row["share"] == row["active"] / row["users"] for row in rows)


@pytest.mark.parametrize(("by", "key"), [(By.USER, "user"), (By.SESSION, "sessionId")])
@pytest.mark.parametrize("within", [timedelta(hours=20), timedelta(days=6)])
def test_a_funnel_finds_the_try_that_gets_furthest(
    company: Company, exported: Export, by: By, key: str, within: timedelta
) -> None:
    names = ("search", "discover", "create")
    steps = tuple(Step(name, (Condition("action", Operator.IS, (name,)),)) for name in names)
    tests = [lambda event, name=name: event["action"] == name for name in names]

    rows = ask(company, Funnel(steps, within, by), ALL)

    assert [row["count"] for row in rows] == plain.funnel(exported(ALL), tests, within, key)


_VALUES: dict[Measure, Any] = {
    Measure.EVENTS: len,
    Measure.USERS: plain.users_of,
    Measure.SESSIONS: lambda events: len(plain.by_session(events)),
    Measure.SUM: lambda events: sum(one["value"] for one in events if "value" in one),
    Measure.MEAN: plain.mean,
    Measure.LEAST: lambda events: min(one["value"] for one in events if "value" in one),
    Measure.MOST: lambda events: max(one["value"] for one in events if "value" in one),
    Measure.PERCENTILE: lambda events: plain.percentile(
        [one["value"] for one in events if "value" in one], 0.95
    ),
}


@SCOPES
@pytest.mark.parametrize("measure", list(Measure))
def test_any_measure_by_any_dimension(
    company: Company, exported: Export, scope: Scope, measure: Measure
) -> None:
    keys: dict[str, Any] = {
        "action": itemgetter("action"),
        "session": itemgetter("sessionId"),
        "context.pluginId": lambda event: event["context"].get("pluginId"),
        "attributes.n": lambda event: _text((event.get("attributes") or {}).get("n")),
    }
    for dimension, key in keys.items():
        rows = ask(company, Explore(measure, (dimension,), limit=None), scope)
        expected = plain.explore(exported(scope), key, _VALUES[measure])
        assert {row[dimension]: pytest.approx(row["value"]) for row in rows} == expected


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


_HAS = Operator.CONTAINS


def _n_of(event: dict[str, Any]) -> Any:
    return (event.get("attributes") or {}).get("n")


def _teams_of(event: dict[str, Any]) -> Sequence[str]:
    return DIRECTORY.teams_of.get(event["user"] or "", ())


_TEAM = "group:default/g1"
_U1 = "user:default/u1"
_CONDITIONS: list[tuple[Condition, Callable[[Any], bool]]] = [
    (
        Condition("action", Operator.IS, ("click", "search")),
        lambda event: event["action"] in {"click", "search"},
    ),
    (Condition("subject", Operator.IS_NOT, ("Docs",)), lambda event: event["subject"] != "Docs"),
    (Condition("subject", _HAS, ("it's",)), lambda event: "it's" in event["subject"]),
    (
        Condition("subject", Operator.BEGINS, ("/c",)),
        lambda event: event["subject"].startswith("/c"),
    ),
    (Condition("user", Operator.IS_SET), lambda event: event["user"] is not None),
    (Condition("user", Operator.IS_NOT, (_U1,)), lambda event: event["user"] != _U1),
    (
        Condition("session", Operator.IS, ("visit-1",)),
        lambda event: event["sessionId"] == "visit-1",
    ),
    (Condition("value", Operator.ABOVE, (1,)), lambda event: event.get("value", 0) > 1),
    (Condition("value", Operator.IS_NOT_SET), lambda event: "value" not in event),
    (Condition("attributes.n", Operator.IS, (True,)), lambda event: _n_of(event) is True),
    (
        Condition("context.entityRef", _HAS, ("t2",)),
        lambda event: "t2" in event["context"].get("entityRef", ""),
    ),
    (Condition("team", Operator.IS, (_TEAM,)), lambda event: _TEAM in _teams_of(event)),
    (Condition("team", Operator.IS_NOT, (_TEAM,)), lambda event: _TEAM not in _teams_of(event)),
]


@pytest.mark.parametrize(
    ("condition", "fits"),
    _CONDITIONS,
    ids=[f"{condition.field} {condition.operator}" for condition, _fits in _CONDITIONS],
)
def test_conditions_choose_events(
    company: Company, exported: Export, condition: Condition, fits: Callable[[Any], bool]
) -> None:
    scope = ALL.narrowed(condition)
    expected = [event for event in exported(ALL) if fits(event)]

    assert same(ask(company, TopPlugins(), scope), plain.top_plugins(expected))
    page = company[1].events(scope, directory=DIRECTORY, limit=2_000)
    assert page.total == len(expected)
    assert {row["id"] for row in page.rows} == {event["id"] for event in expected}


@pytest.mark.parametrize("sample", list(Sample))
def test_sample_data_and_robots_can_be_left_out(
    company: Company, exported: Export, sample: Sample
) -> None:
    scope = Scope(Window(), sample=sample, with_robots=False)
    fits = {
        Sample.ALL: lambda _: True,
        Sample.ONLY: lambda session: session.startswith("sample-"),
        Sample.WITHOUT: lambda session: not session.startswith("sample-"),
    }[sample]
    expected = [
        event
        for event in exported(ALL)
        if fits(event["sessionId"] or "") and event["context"].get("robot") is not True
    ]

    assert same(ask(company, TopPlugins(), scope), plain.top_plugins(expected))


def test_searches_typed_in_steps_count_once_and_refinements_stay(
    store: EventStore, insights: Insights
) -> None:
    typed = ("b", "bo", "boo", " Book", "booking", "booking service", "BOOKING service")
    events = [
        recorded(place / 60, action="search", subject=term, value=int("i" in term), **_VISIT)
        for place, term in enumerate(typed)
    ]
    later = recorded(5, action="search", subject="book", value=0, **_VISIT)
    store.append([*events, later, recorded(7, action="search", subject="books", **_VISIT)])

    rows = insights.ask(Searches(), ALL).rows
    empty = insights.ask(SearchesWithoutResult(), ALL).rows
    refined = insights.ask(Refinements(), ALL).rows

    counts = {row["term"]: row["searches"] for row in rows}
    assert counts == {"booking": 1, "booking service": 1, "book": 1, "books": 1}
    assert [row["term"] for row in empty] == ["book"]
    assert {"from": "booking", "to": "booking service", "times": 1} in refined


def test_a_page_is_one_row_however_it_is_written(store: EventStore, insights: Insights) -> None:
    pages = ("/catalog", "/catalog/", "/Catalog", "/catalog?kind=API#top", "/", "")
    store.append([
        recorded(place, action="navigate", subject=page) for place, page in enumerate(pages)
    ])  # fmt: skip

    rows = insights.ask(TopPages(), ALL).rows
    narrowed = ALL.narrowed(Condition("path", Operator.IS, ("/Catalog/",)))

    assert [(row["path"], row["views"]) for row in rows] == [("/catalog", 4), ("/", 2)]
    assert insights.ask(TopPages(), narrowed).rows[0]["views"] == 4


def test_extensions_without_the_app_itself(insights: Insights, store: EventStore) -> None:
    contexts = [{"pluginId": "root", "extension": one} for one in ("App", "Page", "Page")]
    store.append([recorded(context=context) for context in contexts])

    everything = insights.ask(TopExtensions(), ALL).rows
    named = insights.ask(TopExtensions(with_app=False), ALL).rows

    assert [row["extension"] for row in everything] == ["Page", "App"]
    assert [dict(row) for row in named] == [everything[0]]
