"""Every question over random histories and ranges, against a second computation.

Ranges with days of 23 and 25 hours, days without events, one event, the current hour, and zones
whose offsets are no whole hours. The sums that a page shows are checked as well.
"""

import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.analytics.store.export import write_jsonl
from backstage_py.insights import (
    ActiveUsers,
    Activity,
    Adoption,
    Entries,
    Errors,
    Exits,
    Exposure,
    FeedbackAfter,
    FeedbackAnswers,
    Grain,
    Insights,
    Lifecycle,
    Moves,
    NotFound,
    NotFoundReferrers,
    Question,
    Refinements,
    Retention,
    RunOutcomes,
    Scope,
    Searches,
    SearchesWithoutClick,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
    TemplateFunnel,
    Templates,
    TimeSaved,
    TopClicks,
    TopPages,
    TopPlugins,
    Totals,
    VisitLength,
    WebVitals,
    Window,
)
from backstage_py.insights.buckets import whole_pieces
from backstage_py.insights.questions.experience import BY
from tests.unit.analytics.recorded import recorded
from tests.unit.insights import plain
from tests.unit.insights.history import DIRECTORY

NOW = datetime(2026, 10, 25, 13, 20, tzinfo=UTC)
"""The afternoon of the day on which clocks in Europe go back."""
ZONES = ("UTC", "Europe/Oslo", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "navigate": ("/a", "/A/", "/b?x=1", "/", "/c#y"),
    "search": ("k", "ka", "kaf", "Kafka", "kafka x", "rail"),
    "not-found": ("/gone", "/Gone/"),
    "click": ("Docs", "Next Step (1)", "Next Step (3)", "Template has been opened"),
    "exposure": ("new-home", "new-search"),
    "feedback": ("docs", "search"),
    "web-vital": ("LCP", "CLS"),
    "error": ("TypeError: x", "KeyError"),
}
_GOOD = {"rating": "good"}
_ACTIONS = (*_SUBJECTS, "navigate", "search", "discover", "create", "completed", "failed")
History = tuple[Insights, list[dict[str, Any]], str]
"""What is asked, its events as they are exported, and whose days are meant."""


def _draw(chance: random.Random, count: int) -> list[Any]:
    """Bursts of events around a few moments, so that seconds matter as much as days."""
    span = timedelta(days=chance.choice([1, 9, 70])) // timedelta(seconds=1)
    bursts = [NOW - timedelta(seconds=chance.randrange(span)) for _ in range(max(1, count // 8))]
    if chance.random() < 0.5:
        bursts.append(NOW - timedelta(minutes=5))
    return [_draw_event(chance, chance.choice(bursts)) for _ in range(count)]


def _draw_event(chance: random.Random, burst: datetime) -> Any:
    action = chance.choice(_ACTIONS)
    moment = min(NOW, burst + timedelta(seconds=chance.randrange(200)))
    context: dict[str, Any] = {
        "pluginId": chance.choice(["catalog", "search"]),
        "routeRef": chance.choice(["r1", "scaffolder/selected-template"]),
    }
    if chance.random() < 0.6:
        context["entityRef"] = chance.choice(["template:default/service", "template:default/t2"])
    names = {"namespace": "default", "name": "service", "kind": "Template"}
    return recorded(
        action=action,
        subject=chance.choice(_SUBJECTS.get(action, ("x",))),
        value=chance.choice([None, 0, 1, 4]),
        attributes=chance.choice([None, names, {"variant": "a"}, {"variant": "b"}, _GOOD]),
        context=context,
        timestamp=moment,
        received_at=moment,
        session_id=chance.choice([None, "v1", "v2", "v3", "v4"]),
        user=chance.choice([None, "user:default/u1", "user:default/u2", "user:default/u3"]),
        app_version=chance.choice([None, "2.3.0", "2.4.0"]),
    )


@pytest.fixture(scope="module", params=range(len(ZONES)))
def history(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """A random history, half of it in the copy."""
    folder: Path = tmp_path_factory.mktemp("any")
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    store = EventStore(engine)
    chance = random.Random(request.param)
    events = _draw(chance, (1, 40, 150, 2, 120)[request.param])
    insights = Insights(store, folder / "copy", clock=lambda: NOW)
    store.append(events[: len(events) // 2])
    insights.copy.step(at_once=True)
    store.append(events[len(events) // 2 :])
    output = io.BytesIO()
    write_jsonl(store.stream(), output)
    exported = [json.loads(line) for line in output.getvalue().splitlines()]
    yield insights, exported, ZONES[request.param]
    insights.close()
    engine.dispose()


def _windows(zone: str) -> list[Window]:
    return [
        Window.last_days(1, now=NOW, zone=zone),
        Window.last_days(28, now=NOW, zone=zone),
        Window(NOW - timedelta(hours=1), NOW, zone),
        Window(NOW - timedelta(days=200), NOW - timedelta(days=190), zone),
        Window(None, None, zone),
    ]


def _within(events: list[dict[str, Any]], window: Window) -> list[dict[str, Any]]:
    return [
        event
        for event in events
        if (window.since is None or plain.time_of(event) >= window.since)
        and (window.until is None or plain.time_of(event) < window.until)
    ]


_SAME: list[tuple[Question, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]]] = [
    (Totals(), plain.totals),
    (TopPlugins(), plain.top_plugins),
    (TopPages(), plain.top_pages),
    (TopClicks(), plain.top_clicks),
    (Entries(limit=None), lambda events: plain.ends(events, 0)),
    (Exits(limit=None), lambda events: plain.ends(events, -1)),
    (Moves(limit=None), plain.moves),
    (Searches(), plain.searches),
    (SearchesWithoutResult(), plain.searches_without_result),
    (SearchesWithoutClick(limit=None), plain.searches_without_click),
    (SearchQuality(), plain.search_quality),
    (Refinements(limit=None), plain.refinements),
    (Templates(), plain.templates),
    (NotFound(), plain.not_found),
    (NotFoundReferrers(limit=None), plain.not_found_referrers),
    (VisitLength(), plain.visit_length),
    (Exposure(limit=None), lambda events: plain.exposure(events, "create")),
    (FeedbackAnswers(limit=None), plain.feedback),
    (FeedbackAfter(limit=None), plain.feedback_after),
    *((WebVitals(by, None), partial(plain.web_vitals, field=by)) for by in BY),
    *((Errors(by, None), partial(plain.errors, field=by)) for by in BY),
]


def test_every_question_agrees_with_the_second_computation(history: History) -> None:
    insights, exported, zone = history
    for window in _windows(zone):
        events = _within(exported, window)
        for question, expected in _SAME:
            rows = insights.ask(question, Scope(window), directory=DIRECTORY).rows
            wanted = expected(events)
            for row, want in zip(rows, wanted, strict=True):
                assert {k: row[k] for k in want} == pytest.approx(want), (question, window)


def test_sums_over_time_are_the_totals(history: History) -> None:
    insights, exported, zone = history
    for window in _windows(zone):
        scope, events = Scope(window), _within(exported, window)
        totals = insights.ask(Totals(), scope).first
        quality = insights.ask(SearchQuality(), scope).first
        assert insights.trust(scope).events == totals["events"] == len(events)
        for grain in Grain:
            activity = insights.ask(Activity(grain), scope).rows
            volume = insights.ask(SearchVolume(grain), scope).rows
            saved = insights.ask(TimeSaved(grain), scope).rows
            active = insights.ask(ActiveUsers(grain), scope).rows
            expected = plain.activity(events, zone, grain)
            assert {row["date"]: row["events"] for row in activity if row["events"]} == {
                date: row["events"] for date, row in expected.items()
            }
            for column in ("events", "navigations"):
                assert sum(row[column] for row in activity) == totals[column]
            for column in ("searches", "withoutResult", "withoutClick"):
                assert sum(row[column] for row in volume) == quality[column]
            assert sum(row["runs"] for row in saved) == totals["runs"]
            assert list(active) == plain.active_users(events, zone, grain)


def test_funnels_and_outcomes(history: History) -> None:
    insights, exported, zone = history
    pages_of = dict(DIRECTORY.form_pages_of)
    for window in _windows(zone):
        scope, events = Scope(window), _within(exported, window)
        for template in (None, "template:default/service", "template:default/t2"):
            rows = insights.ask(TemplateFunnel(template), scope, directory=DIRECTORY).rows
            counts = [row["sessions"] for row in rows]
            assert counts == plain.template_funnel(events, template, pages_of)
            assert counts == sorted(counts, reverse=True)
        outcomes = insights.ask(RunOutcomes(), scope).rows
        assert sum(row["runs"] for row in outcomes) == len(plain.of(events, "create"))


def test_whole_weeks_count_whole_weeks(history: History) -> None:
    insights, exported, zone = history
    for window in _windows(zone):
        answer = insights.ask(Lifecycle(), Scope(window))
        assert answer.scope.window == whole_pieces(window, Grain.WEEK)
        until = [e for e in exported if not window.until or plain.time_of(e) < _end(answer.scope)]
        expected = plain.lifecycle(until, zone)
        for row in answer.rows:
            want = expected.get(row["date"], {})
            assert {k: row[k] for k in row if k != "date"} == {
                k: want.get(k, 0) for k in row if k != "date"
            }
        adopted = insights.ask(Adoption("catalog"), Scope(window)).rows
        weeks = plain.adoption(until, "catalog", zone)
        for row in adopted:
            if row["date"] in weeks:
                assert {k: row[k] for k in weeks[row["date"]]} == weeks[row["date"]]
        cohorts = insights.ask(Retention(), Scope(window)).rows
        known = plain.retention(until, zone)
        assert all(row["active"] == known[row["cohort"], row["week"]] for row in cohorts)


def _end(scope: Scope) -> datetime:
    assert scope.window.until
    return scope.window.until


def test_the_running_piece_is_named(history: History) -> None:
    insights, _exported, zone = history
    window = Window.last_days(7, now=NOW, zone=zone)

    answer = insights.ask(Activity(Grain.DAY), Scope(window))

    assert dict(answer.partial) == {max(map(itemgetter("date"), answer.rows)): "running"}
    before = window.previous(NOW)
    assert before.since is not None
    assert before.until is not None
    assert before.until < (window.since or NOW)
