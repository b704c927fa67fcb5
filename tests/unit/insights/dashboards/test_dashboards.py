from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backstage_py.analytics import AnalyticsError, EventStore, open_engine
from backstage_py.insights.dashboards.dashboard import MAX_PINS, Dashboard, Pin
from backstage_py.insights.dashboards.dashboards import (
    MAX_DASHBOARDS,
    MAX_SHARES,
    Dashboards,
    Reader,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ADA = Reader("user:default/ada", frozenset({"user:default/ada"}))
BOB = Reader("user:default/bob", frozenset({"user:default/bob", "group:default/platform"}))


class Time:
    now = NOON


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def dashboards(store: EventStore, time: Time) -> Dashboards:
    return Dashboards(store.engine, clock=lambda: time.now)


def pin(name: str, **more: Any) -> Pin:
    return Pin(id=name, view="overview", tile="totals", title=name.upper(), **more)


def with_pins(dashboards: Dashboards, *names: str) -> Dashboard:
    made = dashboards.add(ADA, "Adoption")
    for name in names:
        dashboards.change(ADA, made.id, lambda one, name=name: one.with_pin(pin(name)))
    found = dashboards.find(ADA, made.id)
    assert found is not None
    return found


def test_pins_stay_in_the_order_that_they_are_given(dashboards: Dashboards) -> None:
    made = with_pins(dashboards, "a", "b", "c")

    dashboards.change(ADA, made.id, lambda one: one.with_pin_moved("c", -1))
    dashboards.change(ADA, made.id, lambda one: one.with_pin_moved("a", -5))
    dashboards.change(ADA, made.id, lambda one: one.with_pin_changed("b", is_wide=True))
    dashboards.change(ADA, made.id, lambda one: one.without_pin("a"))

    [kept] = dashboards.list_for(ADA)
    assert [one.id for one in kept.pins] == ["c", "b"]
    assert kept.pins[1] == pin("b", is_wide=True)


def test_only_the_owner_sees_and_changes_a_dashboard(dashboards: Dashboards) -> None:
    made = with_pins(dashboards, "a")

    assert dashboards.list_for(BOB) == []
    assert dashboards.find(BOB, made.id) is None
    for forbidden in (
        lambda: dashboards.change(BOB, made.id, lambda one: one.without_pin("a")),
        lambda: dashboards.remove(BOB, made.id),
        lambda: dashboards.share(BOB, made.id, "user:default/bob"),
        lambda: dashboards.make_link(BOB, made.id, 7),
        lambda: dashboards.list_shares(BOB, made.id),
        lambda: dashboards.unshare(BOB, made.id, "x"),
    ):
        with pytest.raises(AnalyticsError, match="dashboard: is not yours"):
            forbidden()


@pytest.mark.parametrize("ref", ["user:default/bob", "Group:default/Platform"])
def test_people_and_groups_see_what_is_shared_with_them(dashboards: Dashboards, ref: str) -> None:
    made = with_pins(dashboards, "a")

    dashboards.share(ADA, made.id, ref)
    dashboards.share(ADA, made.id, ref)

    assert dashboards.list_for(BOB) == [made]
    [share] = dashboards.list_shares(ADA, made.id)
    assert share.ref == ref.casefold()
    dashboards.unshare(ADA, made.id, share.id)
    assert dashboards.list_for(BOB) == []


def test_anonymous_readers_see_nothing_of_others(dashboards: Dashboards) -> None:
    made = with_pins(dashboards, "a")
    dashboards.make_link(ADA, made.id, 7)

    assert dashboards.list_for(Reader("")) == []


def test_a_link_opens_until_it_ends(dashboards: Dashboards, time: Time) -> None:
    made = with_pins(dashboards, "a")
    token = dashboards.make_link(ADA, made.id, 7)

    opened = dashboards.open_link(token)

    assert opened is not None
    assert (opened[0], opened[1].sharer) == (made, ADA.user)
    time.now = NOON + timedelta(days=7, seconds=-1)
    assert dashboards.open_link(token) is not None
    time.now = NOON + timedelta(days=7)
    assert dashboards.open_link(token) is None
    assert dashboards.list_shares(ADA, made.id) == []


def test_a_link_ends_when_it_or_its_dashboard_is_removed(
    dashboards: Dashboards, time: Time
) -> None:
    made = with_pins(dashboards, "a")
    first = dashboards.make_link(ADA, made.id, 7)
    time.now += timedelta(seconds=1)
    second = dashboards.make_link(ADA, made.id, 7)
    shares = dashboards.list_shares(ADA, made.id)

    dashboards.unshare(ADA, made.id, shares[0].id)
    assert [dashboards.open_link(one) is None for one in (first, second)] == [True, False]
    dashboards.remove(ADA, made.id)
    assert dashboards.open_link(second) is None
    assert dashboards.open_link("") is None


def test_the_database_has_no_token(dashboards: Dashboards, store: EventStore) -> None:
    made = with_pins(dashboards, "a")
    token = dashboards.make_link(ADA, made.id, 7)

    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM insights_dashboard_share")).all()

    assert token not in str(rows)


def test_what_is_wrong_is_named(dashboards: Dashboards) -> None:
    made = with_pins(dashboards, "a")
    cases = {
        "name: is empty": lambda: dashboards.add(ADA, " "),
        "name: has 81 characters": lambda: dashboards.add(ADA, "x" * 81),
        "name: 'Adoption' is in use": lambda: dashboards.add(ADA, "Adoption"),
        "ref: is 'platform'": lambda: dashboards.share(ADA, made.id, "platform"),
        "days: are 0": lambda: dashboards.make_link(ADA, made.id, 0),
        "link: needs a signed-in user": lambda: dashboards.make_link(Reader(""), made.id, 1),
        "title: is empty": lambda: pin(""),
        "tile: 'z' is not on Adoption": lambda: made.without_pin("z"),
        "address: has 4001": lambda: pin("a", address="x" * 4_001),
    }
    for message, act in cases.items():
        with pytest.raises(AnalyticsError) as caught:
            act()
        assert str(caught.value).startswith(message)


def test_nobody_fills_the_database(dashboards: Dashboards) -> None:
    made = dashboards.add(ADA, "0")
    for number in range(1, MAX_DASHBOARDS):
        dashboards.add(ADA, str(number))
    for number in range(MAX_SHARES):
        dashboards.share(ADA, made.id, f"user:default/u{number}")

    with pytest.raises(AnalyticsError, match="dashboards: are 50 already"):
        dashboards.add(ADA, "more")
    with pytest.raises(AnalyticsError, match="shares: are 50 already"):
        dashboards.make_link(ADA, made.id, 1)
    with pytest.raises(AnalyticsError, match="would have 25 tiles"):
        Dashboard(
            id="d",
            name="d",
            owner="",
            pins=tuple(pin(str(number)) for number in range(MAX_PINS + 1)),
        )


def test_dashboards_on_postgresql(postgresql_url: str) -> None:
    engine = open_engine({"DATABASE_URL": postgresql_url})
    dashboards = Dashboards(engine)
    reader = Reader("user:default/on-postgresql")

    for old in dashboards.list_for(reader):
        dashboards.remove(reader, old.id)
    made = dashboards.add(reader, "Ä")
    token = dashboards.make_link(reader, made.id, 1)

    assert dashboards.open_link(token) is not None
    engine.dispose()
