import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backstage_py.analytics import AnalyticsError, EventStore
from backstage_py.insights import Annotation, Insights, Question, Scope, Window
from backstage_py.insights.changes.before_after import compare_around
from backstage_py.insights.changes.digest import write_digest
from backstage_py.insights.changes.movements import find_changes
from backstage_py.insights.usual import USUAL_DEVIATIONS, Calendar, Usual, weeks_before
from tests.unit.analytics.recorded import recorded

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WEEK = Window(NOW - timedelta(days=7), NOW)
Put = Callable[..., None]


@pytest.fixture
def put(store: EventStore) -> Put:
    """Stores events of some weeks ago, two days before the week's end."""

    def add(count: int, weeks: int, **fields: Any) -> None:
        at = NOW - timedelta(weeks=weeks, days=2)
        times = {"timestamp": at, "received_at": at}
        store.append([recorded(**times, **fields) for _ in range(count)])

    return add


@pytest.fixture
def ask(insights: Insights) -> Callable[[Question, Scope], Any]:
    return insights.ask


def _history(put: Put, now: int, path: str = "/docs") -> None:
    page = {"action": "navigate", "context": {"pluginId": "techdocs"}}
    for week in range(1, 9):
        put(40 + week % 3, week, subject="/catalog", **page)
        put(20, week, subject=path, **page)
    put(41, 0, subject="/catalog", **page)
    put(now, 0, subject=path, **page)


def test_a_movement_has_its_size_its_reason_and_the_annotation_nearby(
    put: Put, ask: Callable[..., Any]
) -> None:
    _history(put, 90)
    release = Annotation(at=NOW - timedelta(days=8), text="Release 2.4")

    changes = find_changes(ask, Scope(WEEK), calendar=Calendar(), annotations=[release])

    found = {(one.kind, one.name): one for one in changes.movements}
    assert set(found) == {("total", ""), ("plugin", "techdocs"), ("page", "/docs")}
    plugin = found["plugin", "techdocs"]
    assert (plugin.now, plugin.usual) == (131, 61)
    assert plugin.deviations > 4
    assert plugin.reason is not None
    assert (plugin.reason.field, plugin.reason.value) == ("path", "/docs")
    assert plugin.annotation == release


def test_noise_is_not_a_movement(put: Put, ask: Callable[..., Any]) -> None:
    _history(put, 26)

    changes = find_changes(ask, Scope(WEEK), calendar=Calendar())

    assert changes.movements == ()
    assert "Nothing moved beyond what is usual." in write_digest(changes).body


@pytest.mark.parametrize("weeks", range(4, 9))
def test_chance_alone_is_rarely_unusual(weeks: int) -> None:
    chance = random.Random(weeks)
    draws = 2_000
    early = 0
    for _ in range(draws):
        *before, now = (chance.gauss(400, 80) for _ in range(weeks + 1))
        usual = Usual.of(before)
        assert usual is not None
        early += abs(usual.distance(now)) >= USUAL_DEVIATIONS

    assert early / draws < 0.02


def test_without_history_nothing_is_claimed(put: Put, ask: Callable[..., Any]) -> None:
    put(500, 0, action="navigate", subject="/docs")
    put(5, 1, action="navigate", subject="/docs")

    changes = find_changes(ask, Scope(WEEK), calendar=Calendar())

    assert not changes.has_history
    assert changes.movements == ()
    assert "there is data of 1 earlier week" in write_digest(changes).body


def test_less_on_a_holiday_is_usual(put: Put, ask: Callable[..., Any]) -> None:
    _history(put, 0)
    us = Calendar("US")

    quiet = find_changes(ask, Scope(WEEK), calendar=Calendar())
    thanksgiving = Window(NOW, NOW + timedelta(days=7))

    assert {one.name for one in quiet.movements if one.kind == "page"} == {"/docs"}
    assert list(us.holidays_in(thanksgiving).values()) == ["Thanksgiving Day"]
    assert len(weeks_before(WEEK, us)) < 8
    with pytest.raises(AnalyticsError, match="country: 'XX' is unknown"):
        Calendar("XX")


def test_a_digest_is_plain_sentences(put: Put, ask: Callable[..., Any]) -> None:
    _history(put, 90)

    message = write_digest(find_changes(ask, Scope(WEEK), calendar=Calendar()))

    assert message.title == "3 changes, 18 Nov to 25 Nov 2026"
    assert "Page /docs, page views: 90, usually 20 (+350%)." in message.body
    assert "numbers were compared with the same days of 8 earlier weeks." in message.body


def test_the_usual_is_not_moved_by_one_odd_week() -> None:
    usual = Usual.of([100, 101, 99, 100, 900])

    assert usual == Usual(100, 10)
    assert usual is not None
    assert usual.distance(150) == 5
    assert Usual.of([1, 2, 3]) is None


def test_before_and_after_compares_the_same_weekdays(put: Put, ask: Callable[..., Any]) -> None:
    _history(put, 90)
    moment = NOW - timedelta(days=3)

    found = {one.key: one for one in compare_around(ask, Scope(WEEK), moment, now=NOW)}

    views = found["navigations"]
    assert (views.before, views.after) == (61, 131)
    assert not views.is_noise
    assert found["searches"].is_noise
    with pytest.raises(AnalyticsError, match="in the future"):
        compare_around(ask, Scope(WEEK), NOW + timedelta(days=1), now=NOW)
