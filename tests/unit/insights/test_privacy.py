import random

import pytest

from backstage_py.analytics import AnalyticsError, Config, ConfigurationError, EventStore
from backstage_py.insights import (
    Access,
    ActiveByTeam,
    Condition,
    Directory,
    Explore,
    Insights,
    Measure,
    Operator,
    Scope,
    TopPlugins,
    TopUsers,
    Totals,
    Viewer,
    Window,
)
from tests.unit.analytics.recorded import recorded

ALL = Scope(Window())
STRANGER = Viewer(smallest_group=3)
DIRECTORY = Directory({f"user:default/u{n}": ("big",) if n < 4 else ("small",) for n in range(6)})


@pytest.fixture
def insights(insights: Insights, store: EventStore) -> Insights:
    """Four people of a big team and two of a small one."""
    store.append([
        recorded(n, user=f"user:default/u{n % 6}", session_id=f"visit-{n % 6}") for n in range(12)
    ])  # fmt: skip
    return insights


def team_is(team: str) -> Scope:
    return ALL.narrowed(Condition("team", Operator.IS, (team,)))


def test_users_have_pseudonyms_that_stay_the_same(insights: Insights) -> None:
    rows = insights.ask(TopUsers(), ALL, viewer=STRANGER).rows
    again = insights.ask(TopUsers(), ALL, viewer=STRANGER).rows

    assert rows == again
    assert len({row["user"] for row in rows}) == 6
    assert all(row["user"].startswith("person-") for row in rows)


def test_small_groups_are_hidden_and_counted(insights: Insights, store: EventStore) -> None:
    teams_of = {f"user:default/u{n}": ("big",) if n < 4 else ("small",) for n in range(6)}
    teams_of |= {f"user:default/v{n}": ("other",) for n in range(3)}
    store.append([recorded(60, user=f"user:default/v{n}") for n in range(3)])

    answer = insights.ask(ActiveByTeam(), ALL, directory=Directory(teams_of), viewer=STRANGER)

    # "other" is withheld with "small", which the total would tell otherwise.
    assert [row["team"] for row in answer.rows] == ["big"]
    assert answer.withheld == ("other", "small")
    assert answer.hidden == 2


def test_the_explorer_hides_what_only_a_few_did(insights: Insights, store: EventStore) -> None:
    store.append([recorded(99, subject="secret", user="user:default/u1")])
    store.append([recorded(98, subject="APIs", user=f"user:default/u{n}") for n in range(3)])

    for limit in (1, 2, None):
        question = Explore(Measure.EVENTS, ("subject",), limit=limit)
        answer = insights.ask(question, ALL, viewer=STRANGER)
        assert [row["subject"] for row in answer.rows] == ["Docs"]
        assert answer.hidden == 2


def test_sessions_have_pseudonyms_too(insights: Insights) -> None:
    by_session = Explore(Measure.EVENTS, ("session",))
    rows = insights.ask(by_session, ALL, viewer=Viewer(smallest_group=1)).rows

    assert len(rows) == 6
    assert all(row["session"].startswith("person-") for row in rows)
    with pytest.raises(AnalyticsError, match="Use one of them"):
        Explore(Measure.EVENTS, ("session", "user"))


def test_a_scope_of_a_small_team_has_no_numbers(insights: Insights) -> None:
    small = insights.ask(TopPlugins(), team_is("small"), directory=DIRECTORY, viewer=STRANGER)
    page = insights.events(team_is("small"), directory=DIRECTORY, viewer=STRANGER)
    trust = insights.trust(team_is("small"), directory=DIRECTORY, viewer=STRANGER)

    assert (small.rows, small.hidden) == ((), 1)
    assert (page.rows, page.total) == ((), 0)
    assert trust.events == 0


def test_a_small_team_is_not_found_by_subtraction(insights: Insights, store: EventStore) -> None:
    rest = ALL.narrowed(Condition("team", Operator.IS_NOT, ("small",)))
    ask = {"directory": DIRECTORY, "viewer": STRANGER}

    assert insights.ask(TopPlugins(), rest, **ask).rows == ()
    assert insights.ask(TopPlugins(), team_is("big"), **ask).rows == ()
    store.append([recorded(50, user=f"user:default/other{n}") for n in range(3)])
    assert insights.ask(TopPlugins(), rest, **ask).rows == ()
    assert insights.ask(TopPlugins(), team_is("big"), **ask).rows[0]["events"] == 8


def test_withheld_teams_are_named(insights: Insights) -> None:
    answer = insights.ask(ActiveByTeam(), ALL, directory=DIRECTORY, viewer=STRANGER)

    assert answer.withheld == ("big", "small")


def _combinations(count: int) -> list[tuple[Condition, ...]]:
    """Filters by team and action, alone and together."""
    teams = [Condition("team", how, ("small",)) for how in (Operator.IS, Operator.IS_NOT)]
    teams += [Condition("team", Operator.IS, ("big",)), Condition("team", Operator.IS_SET)]
    kinds = [Condition("action", how, ("search",)) for how in (Operator.IS, Operator.IS_NOT)]
    kinds += [Condition("subject", Operator.CONTAINS, ("rail",))]
    pairs = [pair for team in teams for pair in ((team,), *((team, kind) for kind in kinds))]
    return [(), *((kind,) for kind in kinds), *pairs][:count]


@pytest.mark.parametrize("seed", range(6))
def test_no_two_answers_are_a_small_group_apart(
    insights: Insights, store: EventStore, seed: int
) -> None:
    """The attack: every pair of answers, one of which counts some of the other's events."""
    chance = random.Random(seed)
    store.append([
        recorded(
            n,
            action=chance.choice(["search", "click"]),
            subject=chance.choice(["rail", "Docs"]),
            user=f"user:default/u{chance.choice([0, 1, 2, 3, 4, 5, 7, 8, 9])}",
        )
        for n in range(chance.choice([4, 9, 30]))
    ])  # fmt: skip
    ask = {"directory": DIRECTORY, "viewer": STRANGER}
    answered: list[tuple[bool, set[tuple[str, str]]]] = []
    for conditions in _combinations(100):
        scope = ALL.narrowed(*conditions)
        if insights.ask(Totals(), scope, **ask).rows:
            page = insights.events(scope, directory=DIRECTORY, limit=100)
            found = {(str(row["id"]), str(row["user"])) for row in page.rows}
            answered.append((any(one.field == "team" for one in conditions), found))

    for is_of_team, some in answered:
        for is_other, others in answered:
            if (is_of_team or is_other) and some < others:
                people = {user for _id, user in others - some}
                assert not 0 < len(people) < STRANGER.smallest_group


@pytest.mark.parametrize("field", ["user", "session"])
def test_nobody_can_be_singled_out(insights: Insights, field: str) -> None:
    scope = ALL.narrowed(Condition(field, Operator.IS, ("user:default/u1",)))

    with pytest.raises(AnalyticsError, match="identifies a single person"):
        insights.ask(TopPlugins(), scope, viewer=STRANGER)
    with pytest.raises(AnalyticsError, match="identifies a single person"):
        insights.events(scope, viewer=STRANGER)


def test_the_events_behind_a_number_name_nobody(insights: Insights) -> None:
    page = insights.events(ALL, viewer=STRANGER, limit=5)
    rest = insights.events(ALL, viewer=STRANGER, limit=50, cursor=page.next_cursor)

    assert page.total == 12
    assert len(page.rows) == 5
    assert len(rest.rows) == 7
    assert rest.next_cursor is None
    for row in (*page.rows, *rest.rows):
        assert row["user"].startswith("person-")
        assert row["sessionId"].startswith("person-")


def test_without_persons_there_is_no_view_of_any(insights: Insights) -> None:
    viewer = Viewer(smallest_group=1, per_person=False)

    with pytest.raises(AnalyticsError, match="single persons"):
        insights.ask(TopUsers(), ALL, viewer=viewer)
    with pytest.raises(AnalyticsError, match="single persons"):
        insights.events(ALL, viewer=viewer)
    assert insights.ask(TopPlugins(), ALL, viewer=viewer).rows


def access(**settings: object) -> Access:
    analytics = {"read": ["user:default/owner"], "insights": settings}
    return Access.from_config(Config({"app": {"analytics": analytics}}))


def test_readers_may_see_insights_unless_it_has_its_own_list() -> None:
    assert access().may_see("user:default/owner")
    assert not access().may_see("user:default/guest")
    own = access(read=["user:default/Boss"])
    assert own.may_see("user:default/boss")
    assert not own.may_see("user:default/owner")
    assert access(read=["*"]).may_see(None)


def test_the_owner_decides_who_may_see_people() -> None:
    rules = access(people=["user:default/hr"], smallestGroup=7)

    assert rules.viewer("user:default/hr").sees_people
    assert rules.viewer("user:default/owner") == Viewer(False, 7, True)
    assert not access(people=["*"], perPerson=False).viewer("user:default/hr").sees_people


def test_a_wrong_setting_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError, match=r"app\.analytics\.insights\.smallestGroup"):
        access(smallestGroup=0)
    with pytest.raises(ConfigurationError, match="not a known key"):
        access(persons=[])
