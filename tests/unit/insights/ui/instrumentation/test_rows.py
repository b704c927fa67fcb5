from datetime import timedelta

import pytest

from backstage_py.analytics import (
    DeclarationStatus,
    Erasure,
    ErasureState,
    ErasureTask,
    Finding,
    FindingKind,
    Retention,
    Review,
)
from backstage_py.analytics.inventory.declaration import declare
from backstage_py.analytics.store.deliveries import Failure
from backstage_py.insights.ui.instrumentation.rows import (
    SHOWN_FINDINGS,
    Filter,
    build_erasures,
    build_figures,
    build_groups,
    build_rows,
    describe_rest,
    describe_retention,
    narrow,
)
from tests.unit.analytics.inventory.captures import a_capture
from tests.unit.analytics.recorded import NOON
from tests.unit.insights.ui.instrumentation.conftest import CAPTURES


def review(*findings: Finding) -> Review:
    click, deploy = declare(CAPTURES)
    return Review(
        NOON,
        (DeclarationStatus(click, 1_234, NOON), DeclarationStatus(deploy)),
        findings,
        received=2_000,
    )


def test_figures_say_how_much_is_declared_and_was_received() -> None:
    told = [(one.label, one.value, one.meaning) for one in build_figures(review(), 30)]

    assert told == [
        ("Declared", "2", "distinct captures"),
        ("Received", "1 of 2", "at least once in the last 30 days"),
        ("Events", "2,000", "in the last 30 days"),
        ("Findings", "0", "to review"),
    ]


def test_a_row_says_what_is_known_and_what_is_not() -> None:
    click, deploy = build_rows(review())

    assert (click.subject, click.is_subject_known) == ("Buy", True)
    assert (click.received, click.last_seen, click.tone) == ("1,234", "23 Nov 2026 12:00", "good")
    assert (click.attributes, click.context, click.places) == (["to"], ["entityRef"], "/shop")
    assert (deploy.subject, deploy.is_subject_known, deploy.places) == ("any", False, "Every page")
    assert (deploy.received, deploy.last_seen, deploy.tone) == ("0", "", "off")
    assert deploy.is_conditional


def test_an_attribute_that_only_some_captures_have_is_marked() -> None:
    both = declare([a_capture(attributes={"to": "string"}), a_capture(path="*")])

    (row,) = build_rows(Review(NOON, (DeclarationStatus(both[0]),), (), 0))
    assert row.attributes == ["to?"]
    assert row.places == "any other address, /shop"


def test_findings_are_grouped_by_kind_and_long_groups_say_so() -> None:
    never = [Finding(FindingKind.NEVER_FIRED, str(number), "x", "y") for number in range(60)]
    undeclared = Finding(FindingKind.UNDECLARED, "vote", "was received", "Look")

    first, last = build_groups([*never, undeclared])

    assert (first.kind, first.count, first.is_open, first.rest) == ("undeclared", "1", True, "")
    assert (last.kind, last.count, last.is_open) == ("never-fired", "60", False)
    assert last.rest == "10 more are not shown."
    assert len(last.found) == SHOWN_FINDINGS


@pytest.mark.parametrize(
    ("chosen", "actions"),
    [
        (Filter(), ["click", "deploy"]),
        (Filter(text="SHOP buy"), ["click"]),
        (Filter(text="entityref"), ["click"]),
        (Filter(text="nothing"), []),
        (Filter(plugin="ci"), ["deploy"]),
        (Filter(action="click", status="never"), []),
        (Filter(status="never"), ["deploy"]),
    ],
)
def test_rows_are_narrowed_by_words_and_choices(chosen: Filter, actions: list[str]) -> None:
    assert [row.action for row in narrow(build_rows(review()), chosen)] == actions


@pytest.mark.parametrize(
    ("shown", "fitting", "total", "text"),
    [
        (2, 2, 2, "2 declarations"),
        (1, 1, 2, "1 of 2 declarations"),
        (100, 150, 200, "Showing 100 of 150. Use the filters to narrow the list."),
    ],
)
def test_it_is_said_how_many_are_shown(shown: int, fitting: int, total: int, text: str) -> None:
    assert describe_rest(shown, fitting, total) == text


@pytest.mark.parametrize(
    ("retention", "lines"),
    [
        (Retention(), ["all events: forever"]),
        (Retention(default=timedelta(days=400)), ["all events: 400 days"]),
        (
            Retention(actions={"click": timedelta(hours=12)}),
            ["click: 12 hours", "everything else: forever"],
        ),
    ],
)
def test_it_is_said_how_long_events_are_kept(retention: Retention, lines: list[str]) -> None:
    assert describe_retention(retention) == lines


def test_an_erasure_says_what_became_of_it_and_names_nobody() -> None:
    failing = Failure(reason="HTTP 503")
    tasks = (
        ErasureTask("e", "matomo", ErasureState.WAITING, "user:default/ada", failing),
        ErasureTask("e", "ga4", ErasureState.DONE),
    )

    (row,) = build_erasures([Erasure("e", "a1b2", NOON, 1, 0, tasks)])

    assert (row.when, row.events) == ("23 Nov 2026 12:00", "1 event")
    assert row.backends == ["matomo: pending (HTTP 503)", "ga4: erased"]
