"""The lists of `app.analytics` as permissions, and the token that narrows them."""

from collections.abc import Mapping

import pytest

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    ANALYTICS_INSIGHTS_READ,
    ANALYTICS_MANAGE,
    ANALYTICS_PEOPLE_READ,
    CATALOG_ENTITY_READ,
    Config,
    ConfigurationError,
    ListedPermissions,
)

ANN = "user:default/ann"
BOB = "user:default/bob"


def listed(analytics: Mapping[str, object]) -> ListedPermissions:
    return ListedPermissions.from_config(Config({"app": {"analytics": analytics}}))


@pytest.mark.parametrize(
    ("readers", "user", "may"),
    [
        (None, ANN, False),
        ([], ANN, False),
        ([ANN], ANN, True),
        (["User:Default/Ann"], ANN, True),
        ([ANN], BOB, False),
        ([ANN], None, False),
        (["*"], BOB, True),
        (["*"], None, True),
    ],
)
def test_events_are_read_by_those_the_list_names(
    readers: list[str] | None, user: str | None, may: object
) -> None:
    assert listed({"read": readers}).may(user, ANALYTICS_EVENT_READ) is may


def test_insights_has_a_list_of_its_own_or_that_of_events() -> None:
    assert listed({"read": [ANN]}).may(ANN, ANALYTICS_INSIGHTS_READ)
    own = listed({"read": [ANN], "insights": {"read": [BOB], "people": [BOB]}})
    assert not own.may(ANN, ANALYTICS_INSIGHTS_READ)
    assert own.may(BOB, ANALYTICS_INSIGHTS_READ)
    assert own.may(BOB, ANALYTICS_PEOPLE_READ)
    assert not own.may(ANN, ANALYTICS_PEOPLE_READ)


@pytest.mark.parametrize(
    ("lists", "managers"),
    [
        ({"read": [ANN]}, {ANN}),
        ({"read": ["*", ANN]}, {ANN}),
        ({"read": ["*"], "insights": {"read": ["*"]}}, set()),
        ({"read": [ANN], "manage": [BOB]}, {BOB}),
        ({"read": [ANN], "manage": []}, set()),
        ({"manage": ["*"]}, {ANN, BOB}),
    ],
)
def test_a_reader_by_wildcard_may_not_manage(
    lists: Mapping[str, object], managers: set[str]
) -> None:
    permissions = listed(lists)

    assert {user for user in (ANN, BOB, None) if permissions.may(user, ANALYTICS_MANAGE)} == (
        managers
    )


def test_the_lists_grant_nothing_but_analytics() -> None:
    assert not listed({"read": ["*"]}).may(ANN, CATALOG_ENTITY_READ)


@pytest.mark.parametrize(
    ("readers", "message"),
    [
        ("*", r"app\.analytics\.read: is \"\*\"\. Use a list"),
        ([ANN, 5], r"\.read\[1\]: is not a string\. Use entity refs"),
    ],
)
def test_a_wrong_list_is_one_clear_error(readers: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        listed({"read": readers})
