from datetime import timedelta

from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.activity import Activity
from backstage_py.analytics.store.sample import sample_session
from tests.unit.analytics.recorded import NOON, recorded


def test_sample_data_says_nothing_of_the_instrumentation(store: EventStore) -> None:
    activity, since = Activity(store.engine), NOON - timedelta(hours=1)
    real = [recorded(session_id=None), recorded(session_id="visit-1")]
    store.append([*real, recorded(session_id=sample_session("1"), action="invented")])

    assert [(one.action, one.count) for one in activity.places(since)] == [("click", 2)]
    assert [one.count for one in activity.subjects(since, ["Docs"])] == [2]
    assert set(activity.daily(since, since + timedelta(days=1))) == {"click"}
    assert activity.newest(10) == real
