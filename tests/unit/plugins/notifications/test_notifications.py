from datetime import UTC, datetime, timedelta
from itertools import starmap
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.notifications.entity_errors import EntityErrors
from backstage_py.plugins.notifications.notification import (
    NotificationError,
    Order,
    Payload,
    Question,
    Severity,
    View,
)
from backstage_py.plugins.notifications.notifications import Notifications
from backstage_py.plugins.notifications.store import NotificationStore
from backstage_py.plugins.settings.api import UserSettings
from tests.conftest import PROJECT

ANN, BEN = "user:default/ann", "user:default/ben"


class Watch:
    """A clock that goes on by a minute each time one looks at it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": str(Path("demo/catalog/all.yaml"))}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def notifications(engine: Engine, catalog: CatalogService, watch: Watch) -> Notifications:
    settings = UserSettings(engine)
    return Notifications(
        NotificationStore(engine), catalog=lambda: catalog, settings=lambda: settings, clock=watch
    )


def titles(notifications: Notifications, user: str, **question: Any) -> list[str]:
    found = notifications.find(user, Question(**question))
    return [one.payload.title for one in found.items]


def test_only_the_named_recipients_are_notified(notifications: Notifications) -> None:
    told = notifications.notify("scaffolder", Payload("Your service is ready"), [ANN, ANN])

    assert told == 1
    assert titles(notifications, ANN) == ["Your service is ready"]
    assert titles(notifications, BEN) == []
    assert titles(notifications, "") == []


def test_a_group_means_its_members_and_those_of_the_groups_below(
    notifications: Notifications, catalog: CatalogService
) -> None:
    parent = next(
        one
        for one in catalog.list_entities(limit=None).items
        if one.kind == "Group" and one.list_targets("parentOf")
    )
    below = [catalog.find_by_ref(ref) for ref in parent.list_targets("parentOf")]
    members = {ref for group in below if group for ref in group.list_targets("hasMember")}

    notifications.notify("catalog", Payload("For all of you"), [parent.entity_ref])

    assert members
    assert all(titles(notifications, member) == ["For all of you"] for member in members)


def test_everybody_reads_a_broadcast_for_themselves(notifications: Notifications) -> None:
    notifications.notify("owner", Payload("Maintenance on Sunday"), None)
    [one] = notifications.find(ANN, Question()).items

    notifications.mark_read(ANN, [one.id], is_read=True)

    assert one.is_broadcast
    assert titles(notifications, ANN) == []
    assert titles(notifications, BEN) == ["Maintenance on Sunday"]


def test_of_a_scope_there_is_one_and_it_is_unread_again_when_it_changes(
    notifications: Notifications,
) -> None:
    notifications.notify("scaffolder", Payload("Runs", scope="task 1"), [ANN])
    [first] = notifications.find(ANN, Question()).items
    notifications.mark_read(ANN, [first.id], is_read=True)

    notifications.notify("scaffolder", Payload("Has ended", scope="task 1"), [ANN])
    notifications.notify("scaffolder", Payload("Of another task", scope="task 2"), [ANN])
    notifications.notify("catalog", Payload("Of another origin", scope="task 1"), [ANN])

    assert titles(notifications, ANN) == ["Of another origin", "Of another task", "Has ended"]
    [again] = [one for one in notifications.find(ANN, Question()).items if one.id == first.id]
    assert (again.created, again.payload.title) == (first.created, "Has ended")


def test_views_tell_read_unread_and_saved_apart(notifications: Notifications) -> None:
    for title in ("one", "two", "three"):
        notifications.notify("catalog", Payload(title), [ANN])
    ids = {one.payload.title: one.id for one in notifications.find(ANN, Question()).items}

    notifications.mark_read(ANN, [ids["one"]], is_read=True)
    notifications.mark_saved(ANN, [ids["one"], ids["two"]], is_saved=True)
    notifications.mark_saved(ANN, [ids["two"]], is_saved=False)

    shown = {view: titles(notifications, ANN, view=view, order=Order.OLDEST) for view in View}
    assert shown == {
        View.UNREAD: ["two", "three"],
        View.READ: ["one"],
        View.SAVED: ["one"],
        View.ALL: ["one", "two", "three"],
    }
    assert notifications.count_unread(ANN) == 2
    notifications.mark_all_read(ANN)
    assert notifications.count_unread(ANN) == 0


def test_nobody_marks_what_is_anothers(notifications: Notifications) -> None:
    notifications.notify("catalog", Payload("Ann's"), [ANN])
    [one] = notifications.find(ANN, Question()).items

    notifications.mark_read(BEN, [one.id], is_read=True)
    notifications.mark_all_read(BEN)

    assert titles(notifications, ANN) == ["Ann's"]
    assert notifications.find(BEN, Question(view=View.ALL)).total == 0


def test_filters_and_orders_narrow_and_sort(notifications: Notifications, watch: Watch) -> None:
    notifications.notify("b", Payload("Low", severity=Severity.LOW, topic="z"), [ANN])
    notifications.notify("a", Payload("100% done_", description="the ledger", topic="m"), [ANN])
    then = watch.now + timedelta(seconds=30)
    notifications.notify("c", Payload("Red", severity=Severity.CRITICAL, topic="a"), [ANN])

    assert titles(notifications, ANN, least=Severity.HIGH) == ["Red"]
    assert titles(notifications, ANN, since=then) == ["Red"]
    assert titles(notifications, ANN, text="LEDGER done") == ["100% done_"]
    assert titles(notifications, ANN, text="100%") == ["100% done_"]
    assert titles(notifications, ANN, text="d_n") == []
    assert titles(notifications, ANN, order=Order.TOPIC) == ["Red", "100% done_", "Low"]
    assert titles(notifications, ANN, order=Order.ORIGIN) == ["100% done_", "Low", "Red"]
    page = notifications.find(ANN, Question(offset=1, limit=1))
    assert ([one.payload.title for one in page.items], page.total) == (["100% done_"], 3)


def test_an_origin_that_is_switched_off_tells_nothing_broadcasts_included(
    notifications: Notifications,
) -> None:
    notifications.register_origin("scaffolder", "Software templates")
    notifications.notify("owner", Payload("Before"), None)
    notifications.mute(ANN, "owner", is_muted=True)
    notifications.mute(ANN, "scaffolder", is_muted=True)

    told = notifications.notify("scaffolder", Payload("Ready"), [ANN, BEN])

    assert told == 1
    assert titles(notifications, ANN) == []
    assert titles(notifications, BEN) == ["Ready", "Before"]
    assert [(one.title, one.is_on) for one in notifications.list_origins(ANN)] == [
        ("owner", False),
        ("Software templates", False),
    ]
    notifications.mute(ANN, "scaffolder", is_muted=False)
    assert notifications.notify("scaffolder", Payload("Ready"), [ANN]) == 1


def test_old_notifications_are_deleted_unless_saved(
    notifications: Notifications, watch: Watch
) -> None:
    for title in ("old", "old and saved"):
        notifications.notify("catalog", Payload(title), [ANN])
    saved = notifications.find(ANN, Question()).items[0]
    notifications.mark_saved(ANN, [saved.id], is_saved=True)
    watch.now += timedelta(days=91)
    notifications.notify("catalog", Payload("new"), [ANN])

    notifications.delete_old()

    assert titles(notifications, ANN) == ["new", "old and saved"]


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({"title": " "}, "title: is empty"),
        ({"title": "x" * 300}, "title: has more than 255"),
        ({"title": "x", "description": "y" * 5_000}, "description: has more than 4000"),
        ({"title": "x", "link": "javascript:alert(1)"}, "link: is 'javascript:alert"),
        ({"title": "x", "link": "//evil.example"}, "link: is '//evil.example'"),
    ],
)
def test_an_invalid_notification_is_refused_with_the_field(
    payload: dict[str, Any], problem: str
) -> None:
    with pytest.raises(NotificationError, match=problem):
        Payload(**payload)


class BrokenCatalog:
    """A catalog in which one entity has errors."""

    def __init__(self, catalog: CatalogService, ref: str) -> None:
        self._catalog = catalog
        self.broken = {ref: "spec.owner: must be a text"}

    def errors(self) -> list[Any]:
        class Error:
            def __init__(self, ref: str, message: str) -> None:
                self.entity_ref, self.message = ref, message

        return list(starmap(Error, self.broken.items()))

    def find_by_ref(self, ref: str) -> Any:
        return self._catalog.find_by_ref(ref)


def test_the_owner_is_notified_once_of_an_error_and_again_when_it_comes_back(
    notifications: Notifications, catalog: CatalogService, watch: Watch
) -> None:
    component, member = next(
        (one, owner.list_targets("hasMember")[0])
        for one in catalog.list_entities(limit=None).items
        for owner in map(catalog.find_by_ref, one.list_targets("ownedBy"))
        if one.kind == "Component" and owner and owner.list_targets("hasMember")
    )
    broken = BrokenCatalog(catalog, component.entity_ref)
    errors = EntityErrors(lambda: cast("CatalogService", broken), lambda: notifications)

    errors.look()
    errors.look()
    [one] = notifications.find(member, Question()).items
    notifications.mark_read(member, [one.id], is_read=True)
    EntityErrors(lambda: cast("CatalogService", broken), lambda: notifications).look()
    unread_after_a_restart = notifications.count_unread(member)
    message = broken.broken.pop(component.entity_ref)
    errors.look()
    watch.now += timedelta(hours=1)
    broken.broken[component.entity_ref] = message
    errors.look()

    assert one.payload.link == component.ref.page_path
    assert one.payload.description == "spec.owner: must be a text"
    assert unread_after_a_restart == 0
    assert notifications.count_unread(member) == 1
