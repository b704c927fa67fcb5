from collections.abc import Callable

import pytest

from backstage_py.analytics import EventStore
from backstage_py.insights import Annotations
from backstage_py.insights.annotations.versions import VersionMarks
from tests.unit.analytics.recorded import NOON, recorded

Put = Callable[..., None]


@pytest.fixture
def annotations(store: EventStore) -> Annotations:
    return Annotations(store.engine)


@pytest.fixture
def put(store: EventStore) -> Put:
    """Records events of a version."""

    def add(version: str, *minutes: int, session: str = "visit-1") -> None:
        context = {"pluginId": "root", "appVersion": version}
        store.append([recorded(one, context=context, session_id=session) for one in minutes])

    return add


def _texts(annotations: Annotations) -> list[str]:
    return [one.text for one in annotations.list()]


def test_each_version_is_marked_once_where_it_was_seen_first(
    store: EventStore, annotations: Annotations, put: Put
) -> None:
    marks, other = (VersionMarks(store, annotations) for _ in range(2))
    put("2.3", 5, 0)
    marks.step()
    put("2.4", 60)
    put("2.3", 61)
    other.step()
    marks.step()

    assert _texts(annotations) == ["Version 2.3", "Version 2.4"]
    assert annotations.list()[0].at == NOON


def test_a_mark_that_was_removed_does_not_come_back(
    store: EventStore, annotations: Annotations, put: Put
) -> None:
    put("2.3", 0)
    VersionMarks(store, annotations).step()
    mark = annotations.list()[0].id

    assert annotations.remove(mark)
    assert not annotations.remove(mark)
    VersionMarks(store, annotations).step()

    assert _texts(annotations) == []
    assert annotations.find(mark) is None


def test_sample_data_and_events_without_a_version_mark_nothing(
    store: EventStore, annotations: Annotations, put: Put
) -> None:
    put("9.9", 0, session="sample-1")
    store.append([recorded(1)])

    VersionMarks(store, annotations).step()

    assert _texts(annotations) == []
