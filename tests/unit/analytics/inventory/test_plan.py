from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics.errors import AnalyticsError
from backstage_py.analytics.inventory.declaration import declare
from backstage_py.analytics.inventory.lint import kinds_seen, lint
from backstage_py.analytics.inventory.plan import (
    TrackingPlan,
    ViolationKind,
    build_plan,
    read_plan,
    write_plan,
)
from tests.unit.analytics.inventory.captures import a_capture
from tests.unit.analytics.recorded import recorded

SHOP = {"pluginId": "shop", "extension": "ShopPage", "routeRef": "shop"}
CAPTURES = [
    a_capture(subject="Save", attributes={"to": "string"}),
    a_capture(subject="Close", extension="Dialog", attributes={"to": "string"}),
    a_capture("deploy", attributes={"zone": "any"}, context_keys=("entityRef",), has_value=True),
    a_capture(None),
]
KINDS = {
    "unplanned": (recorded(action="vote", context=SHOP), ViolationKind.UNPLANNED_EVENT),
    "elsewhere": (
        recorded(subject="Save", context={**SHOP, "pluginId": "x"}),
        ViolationKind.UNPLANNED_EVENT,
    ),
    "missing": (recorded(subject="Save", context=SHOP), ViolationKind.MISSING_ATTRIBUTE),
    "type": (
        recorded(subject="Save", context=SHOP, attributes={"to": 3}),
        ViolationKind.WRONG_TYPE,
    ),
    "additional": (
        recorded(subject="Save", context=SHOP, attributes={"to": "/", "from": "/"}),
        ViolationKind.ADDITIONAL_ATTRIBUTE,
    ),
    "context": (
        recorded(action="deploy", value=1, context=SHOP, attributes={"zone": "x"}),
        ViolationKind.MISSING_CONTEXT,
    ),
    "no value": (
        recorded(action="deploy", context={**SHOP, "entityRef": "e"}, attributes={"zone": "x"}),
        ViolationKind.MISSING_VALUE,
    ),
    "value": (
        recorded(subject="Save", value=1, context=SHOP, attributes={"to": "/"}),
        ViolationKind.UNEXPECTED_VALUE,
    ),
}


def a_plan() -> TrackingPlan:
    return build_plan(declare(CAPTURES), {})


def test_a_plan_that_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(write_plan(a_plan()), encoding="utf-8")

    assert read_plan(file) == a_plan()


def test_an_app_keeps_to_its_own_plan() -> None:
    assert lint(declare(CAPTURES), [], a_plan()) == []


def test_similar_captures_of_a_plugin_are_one_entry() -> None:
    click, deploy = a_plan().events

    assert (click.extension, click.subject) == (("Dialog", "ShopPage"), ("Close", "Save"))
    assert (click.value, deploy.value) == ("absent", "required")
    assert deploy.context["entityRef"].required


def test_types_that_are_not_known_are_those_that_were_received() -> None:
    seen = kinds_seen([recorded(action="deploy", attributes={"zone": "north"})])

    plan = build_plan(declare(CAPTURES), seen)

    assert plan.events[1].attributes["zone"].type == "string"


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_violation_is_found_in_events(name: str) -> None:
    event, kind = KINDS[name]

    assert [one.kind for one in lint([], [event], a_plan())] == [kind]


def test_a_planned_event_is_not_a_violation() -> None:
    good = recorded(subject="Save", context=SHOP, attributes={"to": "/"})

    assert lint([], [good], a_plan()) == []


def test_events_that_depart_alike_are_counted_together() -> None:
    events = [recorded(action="vote", subject=str(number), context=SHOP) for number in range(3)]

    (found,) = lint([], events, a_plan())

    assert (found.count, found.about) == (3, "vote in shop/ShopPage")


def test_of_entries_that_fit_the_closest_counts() -> None:
    entries = [{"action": "click", "attributes": {"to": {}}}, {"action": "click"}]
    plan = TrackingPlan.model_validate({"events": entries})

    assert lint([], [recorded(), recorded(attributes={"to": "/"})], plan) == []


@pytest.mark.parametrize(
    ("capture", "kind"),
    [
        (a_capture("vote"), ViolationKind.UNPLANNED_EVENT),
        (a_capture(subject="Save"), ViolationKind.MISSING_ATTRIBUTE),
        (a_capture(subject="Save", attributes={"to": "number"}), ViolationKind.WRONG_TYPE),
        (
            a_capture(subject="Save", attributes={"to": "string", "x": "any"}),
            ViolationKind.ADDITIONAL_ATTRIBUTE,
        ),
        (
            a_capture(subject="Save", attributes={"to": "string"}, has_value=True),
            ViolationKind.UNEXPECTED_VALUE,
        ),
        (
            a_capture("deploy", attributes={"zone": "any"}, has_value=True),
            ViolationKind.MISSING_CONTEXT,
        ),
    ],
)
def test_departures_of_the_app_are_found_without_events(capture: Any, kind: ViolationKind) -> None:
    found = [one.kind for one in lint(declare([capture]), [], a_plan())]

    assert kind in found


def test_planned_events_that_are_no_longer_captured_are_found() -> None:
    found = lint(declare(CAPTURES[:2]), [], a_plan())

    assert [(one.kind, one.about) for one in found] == [
        (ViolationKind.NOT_CAPTURED, "deploy in shop/ShopPage")
    ]


def test_without_a_plan_names_alone_are_looked_at() -> None:
    found = lint(declare([a_capture("filterTable")]), [recorded(attributes={"entity": "x"})])

    assert {(one.kind, one.about) for one in found} == {
        (ViolationKind.NAMING, "action filterTable"),
        (ViolationKind.NAMING, "key entity"),
    }


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("events: [{action: click", "plan.yaml:1", "is not valid YAML"),
        ("events:\n  - plugin: shop", "plan.yaml: events[0].action", "is missing"),
        (
            "events:\n  - action: click\n    plugins: shop",
            "plan.yaml: events[0].plugins",
            "is not a known key. Did you mean plugin?",
        ),
        (
            "events:\n  - action: click\n    attributes: {to: {type: text}}",
            "plan.yaml: events[0].attributes.to.type",
            "is 'text'",
        ),
        ("version: 2", "plan.yaml: version", "is 2"),
        ("[]", "plan.yaml: the plan", "is []"),
    ],
)
def test_a_wrong_plan_names_its_file_and_key(
    tmp_path: Path, text: str, where: str, problem: str
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(AnalyticsError) as error:
        read_plan(file)

    assert error.value.where.endswith(where)
    assert problem in str(error.value)


def test_a_plan_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(AnalyticsError, match=r"events plan > tracking-plan\.yaml"):
        read_plan(tmp_path / "none.yaml")
