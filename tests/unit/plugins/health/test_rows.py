from datetime import timedelta
from typing import Any

import pytest

from backstage_py.analytics import DeliveryState, PendingDelivery
from backstage_py.analytics.store.deliveries import Failure
from backstage_py.plugins.health.rows import (
    build_backend_row,
    build_figures,
    build_problems,
    build_undelivered_row,
    describe_age,
    describe_rest,
    describe_retry,
)
from backstage_py.plugins.health.service import Undelivered, UndeliveredPage
from backstage_py.ui.entries import Entry
from tests.unit.analytics.recorded import NOON, recorded
from tests.unit.plugins.health.conftest import standing

TOTALS: dict[str, int] = dict.fromkeys(
    ("captured", "accepted", "duplicate", "rejected", "put_off", "dropped_in_browser", "lost"), 0
)


def parked(state: DeliveryState = DeliveryState.DEAD, **failure: Any) -> PendingDelivery:
    return PendingDelivery("picky", 7, "id-7", None, state, Failure(**failure))


@pytest.mark.parametrize(
    ("fields", "tone", "state"),
    [
        ({}, "good", "Up to date"),
        ({"owed": 3}, "busy", "Delivering"),
        ({"waiting": 3}, "busy", "Up to date, except for waiting events"),
        ({"dead": 3}, "good", "Up to date"),
        ({"tries": 4, "retry_in": 200}, "bad", "Pausing until 12:03:20 UTC, tries 4"),
        ({"tries": 4, "retry_in": -1}, "bad", "Trying again, tries 4"),
        ({"tries": 4}, "bad", "Trying again, tries 4"),
        ({"retry_in": 200}, "good", "Gathering until 12:03:20 UTC"),
        ({"retry_in": 200, "owed": 3}, "busy", "Gathering until 12:03:20 UTC"),
        ({"is_configured": False, "tries": 4}, "off", "No longer configured"),
    ],
)
def test_the_state_of_a_backend_is_in_words(fields: dict[str, Any], tone: str, state: str) -> None:
    row = build_backend_row(standing(**fields), NOON)

    assert (row.tone, row.state) == (tone, state)


def test_a_backend_that_takes_again_has_no_reason_any_more() -> None:
    failing = build_backend_row(standing(tries=1, reason="HTTP 503"), NOON)
    fixed = build_backend_row(standing(reason="HTTP 503"), NOON)

    assert (failing.reason, fixed.reason) == ("HTTP 503", "")


@pytest.mark.parametrize(
    ("fields", "can_retry"),
    [
        ({}, False),
        ({"owed": 1}, False),
        ({"waiting": 1}, True),
        ({"dead": 1}, True),
        ({"tries": 1}, True),
        ({"dead": 1, "is_configured": False}, False),
    ],
)
def test_only_what_has_failed_and_has_a_backend_can_be_tried_again(
    fields: dict[str, Any], *, can_retry: bool
) -> None:
    assert build_backend_row(standing(**fields), NOON).can_retry is can_retry


def test_losses_failing_backends_and_dead_letters_are_problems_and_nothing_else() -> None:
    totals = {**TOTALS, "rejected": 9, "duplicate": 9, "put_off": 9, "captured": 1_234}
    well = [standing(owed=5, waiting=5, dropped=5), standing("old", is_configured=False, tries=1)]
    lossy = {**totals, "lost": 1, "dropped_in_browser": 1_200}

    assert build_problems(totals, well) == []
    assert build_problems(lossy, [standing(tries=2, dead=1)]) == [
        "1 capture of event handlers found no room and were lost.",
        "1,200 events did not fit into browsers' queues.",
        "picky takes nothing: 2 tries failed.",
        "1 event for picky had to be given up.",
    ]
    marked = [one.label for one in build_figures(lossy, [], NOON) if one.is_problem]
    assert marked == ["Dropped in browsers", "Lost"]


def test_the_age_is_unknown_while_the_database_does_not_answer() -> None:
    old = standing(oldest_owed=NOON - timedelta(minutes=4, seconds=5))

    ages = [build_figures(TOTALS, one, NOON)[-1].value for one in ([old], [], None)]

    assert ages == ["4 min 5 s", "None", "Unknown"]


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=3, minutes=4, seconds=5), "3 h 4 min"),
        (timedelta(days=2, minutes=59), "2 d"),
    ],
)
def test_an_age_is_written_in_its_two_largest_units(age: timedelta, text: str) -> None:
    assert describe_age(age) == text


def test_a_dead_letter_shows_its_failure_and_its_event() -> None:
    failure = {"tries": 3, "failing_since": NOON, "reason": "HTTP 400"}
    event = recorded(subject="ledger", value=0, attributes={"zone": "3"})

    row = build_undelivered_row(Undelivered(parked(**failure), event), [standing()])

    assert (row.state, row.reason, row.tries) == ("Given up", "HTTP 400", "3")
    assert (row.failing_since, row.next_try) == ("2026-11-23 12:00:00 UTC", "")
    assert (row.action, row.subject, row.value, row.user) == ("click", "ledger", "0", "anonymous")
    assert row.attributes == [Entry("zone", '"3"')]
    assert row.can_retry


def test_an_event_that_the_store_has_lost_can_still_be_shown() -> None:
    row = build_undelivered_row(Undelivered(parked(), None), [standing()])

    assert (row.subject, row.reason) == (
        "This event can no longer be read from the store",
        "No reason given",
    )
    assert (row.action, row.context) == ("", [])


def test_what_waits_says_for_what_and_until_when() -> None:
    behind = build_undelivered_row(Undelivered(parked(DeliveryState.WAITING), None), [standing()])
    failed = parked(DeliveryState.WAITING, tries=1, retry_at=NOON, reason="HTTP 503")
    due = build_undelivered_row(Undelivered(failed, None), [standing()])

    assert behind.reason.startswith("Waiting for an earlier event of its session")
    assert (behind.next_try, due.next_try) == ("as soon as possible", "2026-11-23 12:00:00 UTC")


def test_unwanted_and_refused_events_cannot_be_retried() -> None:
    unwanted = build_undelivered_row(Undelivered(parked(DeliveryState.DROPPED), None), [standing()])
    orphaned = build_undelivered_row(Undelivered(parked(), None), [standing(is_configured=False)])

    assert not unwanted.can_retry
    assert not orphaned.can_retry


def test_a_line_says_how_many_events_are_not_shown() -> None:
    items = (Undelivered(parked(), None),) * 2

    assert not describe_rest(UndeliveredPage(items, total=2, looked_at=2))
    assert describe_rest(UndeliveredPage(items, 1_002, 1_002)) == (
        "Showing the newest 2; 1,000 more are hidden."
    )
    assert describe_rest(UndeliveredPage(items, 1_002, 500)).startswith(
        "Showing 2 of 1,002: the newest of the 500 that have waited longest."
    )


def test_a_retry_says_how_many_it_was() -> None:
    assert describe_retry(1, "picky", is_one=True) == "1 event for picky is tried again."
    assert describe_retry(12, "picky", is_one=False) == "12 events for picky are tried again."
    assert describe_retry(0, "picky", is_one=True).startswith("No dead letters for picky.")
