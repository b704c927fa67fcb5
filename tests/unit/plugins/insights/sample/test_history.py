from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

import pytest

from backstage_py.analytics import AnalyticsError, RecordedEvent, is_sample, sample_session
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.insights.ui.sample_people import display_name, is_sample_user
from backstage_py.plugins.insights.sample import (
    Company,
    Plan,
    SampleTemplate,
    Thing,
    fill,
    remove,
    simulate,
)
from tests.unit.analytics.recorded import recorded

TUESDAY_EVENING = datetime(2026, 11, 24, 18, tzinfo=UTC)
SHOP = Thing("component:default/shop", "Shop", "group:default/sales")
COMPANY = Company(
    teams=("group:default/sales", "group:default/fleet"),
    known=(("solveig.aune", "group:default/fleet"),),
    things=(SHOP, Thing("api:default/orders", "Orders API", "group:default/sales")),
    documented=(SHOP,),
    templates=(SampleTemplate(Thing("template:default/service", "Service"), 2, 480),),
)
PLAN = Plan(days=28, users=40, seed=1, until=TUESDAY_EVENING)


@pytest.fixture(scope="module")
def history() -> list[RecordedEvent]:
    return list(simulate(COMPANY, PLAN))


def visits(history: list[RecordedEvent]) -> list[list[RecordedEvent]]:
    ordered = sorted(history, key=lambda one: (one.session_id or "", one.timestamp))
    return [list(visit) for _, visit in groupby(ordered, lambda one: one.session_id)]


def test_the_same_seed_gives_the_same_history_and_another_one_another(
    history: list[RecordedEvent],
) -> None:
    assert list(simulate(COMPANY, PLAN)) == history
    assert list(simulate(COMPANY, Plan(28, 40, 2, TUESDAY_EVENING))) != history


def test_every_event_is_marked_as_sample_data(history: list[RecordedEvent]) -> None:
    assert all(is_sample(event.session_id) for event in history)
    assert all(is_sample_user(event.user or "") for event in history)


def test_ids_are_uuids_of_version_7_and_of_their_moment(history: list[RecordedEvent]) -> None:
    assert len({event.id for event in history}) == len(history)
    for event in history[:200]:
        assert event.id[14] == "7"
        milliseconds = int(event.id.replace("-", "")[:12], 16)
        assert milliseconds == int(event.timestamp.timestamp() * 1000)


def test_nothing_is_later_than_the_end_nor_before_the_first_day(
    history: list[RecordedEvent],
) -> None:
    assert max(event.timestamp for event in history) <= TUESDAY_EVENING
    assert min(event.timestamp for event in history) > TUESDAY_EVENING - timedelta(days=29)


def test_all_that_the_portal_captures_is_there(history: list[RecordedEvent]) -> None:
    actions = {event.action for event in history}

    assert actions >= {
        *("navigate", "click", "search", "discover", "create", "completed", "not-found", "star"),
    }
    searches = [event for event in history if event.action == "search"]
    assert {event.value == 0 for event in searches} == {True, False}


def test_working_days_are_busy_and_weekends_are_not(history: list[RecordedEvent]) -> None:
    weekdays = Counter(event.timestamp.weekday() for event in history)

    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(5)) / 3


def test_a_visit_is_one_persons_and_leads_from_page_to_page(history: list[RecordedEvent]) -> None:
    for visit in visits(history):
        assert len({event.user for event in visit}) == 1
        assert visit[0].action == "navigate"
        for before, after in pairwise(visit):
            to = (before.attributes or {}).get("to")
            if before.action in {"click", "discover"} and after.action == "navigate" and to:
                assert after.subject == to


def test_a_discovered_result_was_found_and_ranked_within_what_was_found(
    history: list[RecordedEvent],
) -> None:
    discoveries = [
        (before, after)
        for visit in visits(history)
        for before, after in pairwise(visit)
        if after.action == "discover"
    ]

    assert discoveries
    for search, discover in discoveries:
        assert search.action == "search"
        assert 1 <= (discover.value or 0) <= (search.value or 0)


def test_a_run_saves_the_minutes_of_its_template(history: list[RecordedEvent]) -> None:
    runs = [event for event in history if event.action == "create"]

    assert {event.value for event in runs} == {480}
    assert {event.context["entityRef"] for event in runs} == {"template:default/service"}


def test_people_of_the_catalog_keep_their_teams_and_others_get_one() -> None:
    staff = COMPANY.hire(30)

    assert staff[0].ref == "user:sample/solveig.aune"
    assert staff[0].team == "group:default/fleet"
    assert {one.team for one in staff[1:]} == set(COMPANY.teams)
    assert len({one.ref for one in staff}) == 30
    assert display_name(staff[0].ref) == "Solveig Aune"


def test_a_company_without_a_catalog_has_a_history_too() -> None:
    events = list(simulate(Company(teams=()), Plan(7, 20, 1, TUESDAY_EVENING)))

    assert {"navigate", "search"} <= {event.action for event in events}


@pytest.mark.parametrize(("days", "users", "named"), [(0, 1, "--days"), (1, 5_001, "--users")])
def test_a_plan_beyond_all_measure_is_refused(days: int, users: int, named: str) -> None:
    with pytest.raises(AnalyticsError, match=f"{named}: is .*Use 1 to"):
        Plan(days, users, 1, TUESDAY_EVENING)


def test_removing_leaves_what_was_really_recorded(
    history: list[RecordedEvent], tmp_path: object
) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path}/events.db"})
    migrate(engine)
    store = EventStore(engine)
    real = recorded(session_id="01a20a10-cc57-742b-93ed-5a8c14a22dd4")
    store.append([real])

    count = fill(store, history)
    is_there = store.has_sessions(sample_session())
    removed = remove(store)

    assert (is_there, removed) == (True, count)
    assert list(store.stream()) == [real]
    assert not store.has_sessions(sample_session())
    engine.dispose()
