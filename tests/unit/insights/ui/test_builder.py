import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.insights import By, Condition, Grain, Measure, Operator
from backstage_py.insights.ui.builder import (
    MAX_SERIES,
    MAX_STEPS,
    Exploration,
    FunnelPlan,
    describe,
    make_condition,
    name_step,
    read_conditions,
    spread,
    write_conditions,
)
from backstage_py.insights.ui.page_query import PageQuery

CLICK = Condition("action", Operator.IS, ("click",))
IN_PROD = Condition("attributes.env", Operator.CONTAINS, ("prod",))


def test_a_funnel_is_in_the_address() -> None:
    plan = FunnelPlan(steps=((CLICK, IN_PROD), (CLICK,)), days=7, by=By.SESSION)
    address = PageQuery().including(**plan.write()).to_address()

    assert FunnelPlan.read(PageQuery.from_address(address)) == plan


def test_a_funnel_asks_its_steps_in_their_order_within_its_time() -> None:
    question = FunnelPlan(steps=((CLICK, IN_PROD),), days=7, by=By.USER).to_question()

    assert [step.name for step in question.steps] == ["click, attributes.env contains prod"]
    assert question.steps[0].conditions == (CLICK, IN_PROD)
    assert (question.within, question.by) == (timedelta(days=7), By.USER)


def test_an_exploration_is_in_the_address() -> None:
    exploration = Exploration(Measure.PERCENTILE, 90, ("team", "attributes.env"), True, (IN_PROD,))
    address = PageQuery().including(**exploration.write()).to_address()

    assert Exploration.read(PageQuery.from_address(address)) == exploration


def test_an_exploration_may_have_no_dimension_at_all() -> None:
    exploration = Exploration(by=())
    address = PageQuery().including(**exploration.write()).to_address()

    assert Exploration.read(PageQuery.from_address(address)) == exploration


def test_an_exploration_over_time_asks_for_all_of_its_rows() -> None:
    question = Exploration(is_over_time=True).to_question(Grain.WEEK)

    assert (question.grain, question.limit) == (Grain.WEEK, None)


@given(text=st.text())
def test_whatever_an_address_says_is_read_or_left_out(text: str) -> None:
    query = PageQuery(more={"steps": text, "where": text, "by": text, "measure": text})

    assert 1 <= len(FunnelPlan.read(query).steps) <= MAX_STEPS
    assert Exploration.read(query).measure in set(Measure)


@pytest.mark.parametrize(
    "item",
    [1, [], ["action"], ["a b", "is", ["x"]], ["action", "like", ["x"]], ["action", "is", 1]],
)
def test_an_invalid_condition_is_left_out_and_its_neighbour_is_not(item: object) -> None:
    assert read_conditions([item, json.loads(write_conditions([CLICK]))[0]]) == (CLICK,)


@pytest.mark.parametrize(
    ("name", "operator", "text", "expected"),
    [
        ("subject", "is", "Book", Condition("subject", Operator.IS, ("Book",))),
        ("value", "above", "3", Condition("value", Operator.ABOVE, (3.0,))),
        ("user", "is set", "", Condition("user", Operator.IS_SET)),
        ("value", "above", "many", None),
        ("subject", "is", "", None),
        ("nonsense", "is", "x", None),
        ("subject", "resembles", "x", None),
    ],
)
def test_a_condition_is_made_of_what_somebody_entered(
    name: str, operator: str, text: str, expected: Condition | None
) -> None:
    assert make_condition(name, operator, text) == expected


def test_conditions_are_described_in_words() -> None:
    assert describe(IN_PROD) == "attributes.env contains prod"
    assert describe(Condition("user", Operator.IS_SET)) == "Person is set"
    assert name_step((CLICK,)) == "click"


def test_over_time_the_greatest_groups_have_a_line_each() -> None:
    rows = [
        {"date": date, "action": f"a{index}", "value": index}
        for date in ("2026-11-02", "2026-11-01")
        for index in range(8)
    ]

    chart, points = spread(rows, ["action"])

    assert chart is not None
    assert list(chart.series.values()) == ["a7", "a6", "a5", "a4", "a3", "a2"]
    assert len(chart.series) == MAX_SERIES
    assert [point["date"] for point in points] == ["2026-11-01", "2026-11-02"]
    assert points[0]["s0"] == 7


def test_a_group_that_is_missing_at_a_time_is_nought_there() -> None:
    rows = [
        {"date": "2026-11-01", "action": "click", "value": 2},
        {"date": "2026-11-02", "action": None, "value": 1},
    ]

    chart, points = spread(rows, ["action"])

    assert chart is not None
    assert chart.series == {"s0": "click", "s1": "none"}
    assert [(point["s0"], point["s1"]) for point in points] == [(2, 0), (0, 1)]
