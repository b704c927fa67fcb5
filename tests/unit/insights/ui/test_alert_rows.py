import pytest

from backstage_py.analytics import AnalyticsError
from backstage_py.insights import Condition, Operator
from backstage_py.insights.alerts.alerts import watch
from backstage_py.insights.ui.alert_rows import list_columns, list_questions, read_form

FORM = {"name": "Searches", "question": "searches", "when": "above", "threshold": "5"}


def test_each_question_of_the_form_can_be_watched() -> None:
    for question in list_questions():
        watch(read_form({**FORM, "question": question, "to": "user:default/ada"}), "rule")

    assert {"totals", "searches-without-result"} <= set(list_questions())
    assert "adoption" not in list_questions()
    assert {"users", "searches"} <= set(list_columns())


def test_a_form_becomes_a_rule() -> None:
    rule = read_form(
        {
            **FORM,
            "to": "user:default/ada, group:default/platform",
            "field": "appVersion",
            "operator": "is",
            "value": "2.4.0",
            "column": "",
        }
    )

    assert rule.to == ("user:default/ada", "group:default/platform")
    assert rule.column is None
    assert [one.to_condition() for one in rule.filter] == [
        Condition("appVersion", Operator.IS, ("2.4.0",))
    ]


def test_a_filter_without_a_value_is_refused() -> None:
    form = {**FORM, "to": "user:default/ada", "field": "pluginId", "operator": "is"}
    with pytest.raises(AnalyticsError, match="filter: is incomplete"):
        read_form(form)
