from datetime import timedelta

import pytest

from backstage_py.analytics import DeliveryState
from backstage_py.plugins.health import service as service_module
from backstage_py.plugins.health.service import Choice, HealthService, oldest_undelivered
from tests.unit.analytics.recorded import NOON, recorded
from tests.unit.plugins.health.conftest import Desk, standing


def subjects(desk: Desk, choice: Choice) -> list[str]:
    service = HealthService(desk.runtime)
    page = service.undelivered(choice, service.backends())
    return [one.event.subject if one.event else "" for one in page.items]


def test_what_was_given_up_or_waits_is_listed_the_newest_first(desk: Desk) -> None:
    desk.register("picky", "warehouse")
    desk.park("picky", DeliveryState.DEAD, recorded(subject="one"), recorded(subject="two"))
    desk.park("warehouse", DeliveryState.WAITING, recorded(subject="three"))
    desk.park("picky", DeliveryState.DROPPED, recorded(subject="four"))

    assert subjects(desk, Choice()) == ["three", "two", "one"]
    assert subjects(desk, Choice((DeliveryState.DROPPED,))) == ["four"]
    assert subjects(desk, Choice(backend="warehouse")) == ["three"]
    assert subjects(desk, Choice((DeliveryState.WAITING,), "picky")) == []


def test_more_than_are_shown_are_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "SHOWN_EVENTS", 2)
    desk.register("picky")
    desk.park("picky", DeliveryState.DEAD, *(recorded(subject=str(number)) for number in range(5)))
    service = HealthService(desk.runtime)

    page = service.undelivered(Choice(), service.backends())

    assert [one.event.subject for one in page.items if one.event] == ["4", "3"]
    assert (page.total, page.looked_at) == (5, 5)


def test_only_as_many_are_read_as_a_page_can_show(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "READ_EVENTS", 3)
    desk.register("picky")
    desk.park("picky", DeliveryState.DEAD, *(recorded(subject=str(number)) for number in range(5)))
    service = HealthService(desk.runtime)

    page = service.undelivered(Choice(), service.backends())

    assert (len(page.items), page.total, page.looked_at) == (3, 5, 3)


def test_an_event_that_the_store_has_lost_is_listed_without_it(desk: Desk) -> None:
    desk.register("picky")
    desk.park("picky", DeliveryState.DEAD, recorded())
    with desk.deliveries.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM analytics_event")
    service = HealthService(desk.runtime)

    [one] = service.undelivered(Choice(), service.backends()).items

    assert one.event is None


def test_a_backend_that_left_the_configuration_is_marked(desk: Desk) -> None:
    desk.register("picky", "retired")

    backends = HealthService(desk.runtime).backends()

    assert {one.backlog.backend: one.is_configured for one in backends} == {
        "picky": True,
        "retired": False,
    }


def test_one_event_or_all_of_a_backend_are_tried_again(desk: Desk) -> None:
    first, second, third = recorded(), recorded(), recorded()
    desk.register("picky", "warehouse")
    desk.park("picky", DeliveryState.DEAD, first, second, tries=10, reason="no")
    desk.park("warehouse", DeliveryState.DEAD, third)
    service = HealthService(desk.runtime)

    assert service.retry(backend="picky", event_id=third.id) == 0
    assert service.retry(backend="picky", event_id=first.id) == 1
    assert service.retry(backend="picky") == 1
    assert [one.event_id for one in desk.deliveries.list(state=DeliveryState.DEAD)] == [third.id]


def test_the_oldest_undelivered_event_is_that_of_a_configured_backend() -> None:
    backends = [
        standing("retired", is_configured=False, oldest_owed=NOON - timedelta(days=9)),
        standing("picky", oldest_owed=NOON),
        standing("warehouse", oldest_owed=NOON - timedelta(minutes=1)),
        standing("mail"),
    ]

    assert oldest_undelivered(backends) == NOON - timedelta(minutes=1)
    assert oldest_undelivered([standing()]) is None
