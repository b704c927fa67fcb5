from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backstage_py.analytics import AnalyticsError, Config, ConfigurationError
from backstage_py.insights.access import InsightsSettings
from backstage_py.insights.alerts.alerts import Alerts, channel_key
from backstage_py.insights.alerts.page_rules import read_rule
from backstage_py.insights.alerts.rules import AlertRule, DigestRule
from backstage_py.insights.alerts.store import RETRIES
from tests.unit.insights.alerts.conftest import NOW, Time, Told, refuse

Make = Callable[..., Alerts]
Put = Callable[..., None]
Counts = tuple[int, int, list[str]]
"""Events now and in each week before, and what is told."""


def rule(**fields: Any) -> AlertRule:
    given = {"name": "Clicks", "question": "totals", "column": "events", "when": "above"}
    receivers = {"to": ("user:default/ada",)}
    return AlertRule.model_validate({**given, "threshold": 3, **receivers, **fields})


def test_an_alert_is_sent_once_muted_while_it_lasts_and_resolved(
    make: Make, put: Put, told: Told, clock: Time
) -> None:
    alerts = make(rule(window="1h"))
    put(4, NOW - timedelta(minutes=5))

    for _look in range(3):
        alerts.step()
        clock.forward(minutes=5)
    assert told.titles == ["Clicks"]
    assert told.messages[0][0].body == "4 in the last 1h; the limit is above 3."
    assert told.messages[0][1] == ("user:default/ada",)
    assert alerts.states()[0].is_firing

    clock.forward(hours=2)
    alerts.step()
    assert told.titles == ["Clicks", "Resolved: Clicks"]

    put(4, clock.now - timedelta(minutes=1))
    clock.forward(minutes=6)
    alerts.step()
    assert told.titles == ["Clicks", "Resolved: Clicks", "Clicks"]


def test_several_processes_and_restarts_tell_it_once(make: Make, put: Put, told: Told) -> None:
    put(4, NOW - timedelta(minutes=5))

    for alerts in (make(rule()), make(rule()), make(rule())):
        alerts.step()

    assert told.titles == ["Clicks"]


def test_nobody_looks_twice_before_it_is_due(make: Make, put: Put, told: Told, clock: Time) -> None:
    alerts = make(rule(every="10m"))
    alerts.step()
    put(4, NOW - timedelta(minutes=5))

    clock.forward(minutes=9)
    alerts.step()
    assert told.titles == []
    clock.forward(minutes=1)
    alerts.step()
    assert told.titles == ["Clicks"]


def test_a_changed_rule_starts_over(make: Make, put: Put, told: Told) -> None:
    put(4, NOW - timedelta(minutes=5))
    make(rule()).step()
    make(rule(threshold=2)).step()

    assert told.titles == ["Clicks", "Clicks"]


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"when": "below", "threshold": 3}, (2, 0, ["Clicks"])),
        ({"when": "below", "threshold": 3}, (3, 0, [])),
        ({"when": "silent", "threshold": None}, (0, 0, ["Clicks"])),
        ({"when": "silent", "threshold": None}, (1, 0, [])),
        ({"when": "changedBy", "threshold": 50}, (15, 10, ["Clicks"])),
        ({"when": "changedBy", "threshold": 50}, (14, 10, [])),
        ({"when": "changedBy", "threshold": 50}, (5, 10, ["Clicks"])),
        ({"when": "changedBy", "threshold": 50, "atLeast": 20}, (5, 10, [])),
        ({"when": "unusual", "threshold": None}, (40, 10, ["Clicks"])),
        ({"when": "unusual", "threshold": None}, (12, 10, [])),
        ({"when": "unusual", "threshold": None}, (0, 40, ["Clicks"])),
    ],
)
def test_each_kind_of_rule(
    make: Make, put: Put, told: Told, fields: dict[str, Any], counts: Counts
) -> None:
    now, before, titles = counts
    put(now, NOW - timedelta(hours=3))
    for week in range(1, 9):
        put(before, NOW - timedelta(weeks=week, hours=3))

    make(rule(window="24h", **fields)).step()

    assert told.titles == titles


def test_the_unusual_needs_history(make: Make, put: Put, told: Told) -> None:
    put(40, NOW - timedelta(hours=3))
    alerts = make(rule(when="unusual", threshold=None))

    alerts.step()

    assert told.titles == []
    assert alerts.states()[0].problem == "The number is withheld, or there is not enough history"


def test_filters_and_columns_choose_the_number(make: Make, put: Put, told: Told) -> None:
    put(5, NOW - timedelta(hours=1), action="search", subject="kafka", value=0)
    put(9, NOW - timedelta(hours=1), action="search", subject="rail", value=0)
    chosen = {"field": "term", "values": ["kafka"]}

    make(rule(question="searches-without-result", column=None, filter=[chosen])).step()

    assert told.messages[0][0].body.startswith("5 in the last")


def test_a_number_about_too_few_people_is_not_sent(make: Make, put: Put, told: Told) -> None:
    put(9, NOW - timedelta(hours=1), user="user:default/ada")
    chosen = {"field": "team", "values": ["group:default/small"]}

    make(rule(filter=[chosen])).step()

    assert told.titles == []


def test_what_a_channel_refuses_is_tried_again(
    make: Make, put: Put, told: Told, clock: Time
) -> None:
    put(4, NOW - timedelta(minutes=5))
    told.refusals = [refuse()] * 2
    alerts = make(rule())

    alerts.step()
    assert alerts.messages()[0].state == "waiting"
    for wait in RETRIES[:2]:
        clock.now += wait
        alerts.deliver()

    assert told.titles == ["Clicks"]
    assert alerts.messages()[0].state == "sent"


def test_a_channel_that_always_refuses_is_given_up(
    make: Make, put: Put, told: Told, clock: Time
) -> None:
    put(4, NOW - timedelta(minutes=5))
    told.refusals = [refuse("no such room")] * 20
    alerts = make(rule())

    alerts.step()
    for wait in RETRIES:
        clock.now += wait
        alerts.deliver()

    [owed] = alerts.messages()
    assert (owed.state, owed.problem) == ("failed", "no such room")


@pytest.mark.parametrize(("state", "titles"), [("sent", ["Clicks"]), ("unknown", [])])
def test_what_a_dying_process_was_handing_over(
    build: tuple[Make, Put, Time], told: Told, state: str, titles: list[str]
) -> None:
    make, put, clock = build
    put(4, NOW - timedelta(minutes=5))
    told.is_repeatable = state == "sent"
    told.refusals = [KeyboardInterrupt()]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(KeyboardInterrupt):
        make(rule()).step()

    clock.forward(minutes=6)
    alerts = make(rule())
    alerts.step()

    assert told.titles == titles
    assert [owed.state for owed in alerts.messages()] == [state]


def test_a_digest_comes_on_its_schedule_and_once(make: Make, told: Told, clock: Time) -> None:
    weekly = DigestRule.model_validate(
        {"name": "Weekly", "schedule": "0 8 * * 1", "zone": "Europe/Oslo"}
    )
    alerts = make(digests=(weekly,))

    alerts.step()
    assert told.titles == []
    clock.forward(days=4, hours=18, minutes=59)
    alerts.step()
    assert told.titles == []
    clock.forward(minutes=1)
    for each in (alerts, make(digests=(weekly,))):
        each.step()
    assert told.titles == ["Weekly: 3 changes"]
    assert told.messages[0][0].body == "since 2026-11-22"
    clock.forward(days=21)
    alerts.step()
    assert len(told.titles) == 2


def test_a_test_reaches_the_channels_at_once(make: Make, told: Told) -> None:
    alerts = make(rule())

    assert alerts.send_test("Clicks") == []
    told.refusals = [refuse("closed")]
    assert alerts.send_test("Clicks") == ["inApp: closed"]
    assert told.titles == ["Test: Clicks"]


def test_urls_are_not_written_into_the_database() -> None:
    assert "secret" not in channel_key("slack://secret/secret/secret")


_RULE = {"name": "A", "question": "totals", "when": "above", "threshold": 1}


@pytest.mark.parametrize(
    ("alert", "message"),
    [
        ({**_RULE, "question": "total"}, "alerts[0].question: 'total' is unknown"),
        ({**_RULE, "column": "user"}, "alerts[0].column"),
        ({**_RULE, "parameters": {"limit": 1}}, "alerts[0].parameters.limit: is unknown"),
        ({**_RULE, "channels": ["nonsense"]}, "alerts[0].channels: is wrong"),
        ({**_RULE, "question": "key-fields"}, "alerts[0].column: cannot be used"),
    ],
)
def test_wrong_rules_stop_the_start(make: Make, alert: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(AlertRule.model_validate(alert))

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("alert", "message"),
    [
        ({**_RULE, "when": "over"}, "alerts[0].when"),
        ({"name": "A", "question": "totals", "when": "above"}, "above needs a threshold"),
        ({**_RULE, "window": "1 day"}, "alerts[0].window"),
        ({**_RULE, "windo": "1d"}, "alerts[0].windo"),
    ],
)
def test_wrong_keys_are_named(alert: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        InsightsSettings.from_config(Config({"alerts": [alert]}))

    assert message in str(caught.value)


def test_a_rule_of_the_page_is_looked_at_until_it_is_removed(
    make: Make, put: Put, told: Told, clock: Time
) -> None:
    alerts, other = make(), make()
    alerts.add_rule(rule(name="Many events", window="1h"), "user:default/ada")
    put(4, NOW - timedelta(minutes=5))

    other.step()
    assert told.titles == ["Many events"]
    assert told.messages[0][1] == ("user:default/ada",)
    assert [one.author for one in other.list_page_rules()] == ["user:default/ada"]
    assert other.send_test("Many events") == []

    assert alerts.remove_rule("Many events")
    assert not alerts.remove_rule("Many events")
    put(9, clock.now)
    clock.forward(minutes=10)
    other.step()
    assert told.titles == ["Many events", "Test: Many events"]


def test_a_rule_of_the_page_cannot_hide_one_of_the_configuration(make: Make) -> None:
    alerts = make(rule())

    with pytest.raises(AnalyticsError, match="name: 'Clicks' is in use"):
        alerts.add_rule(rule(), "user:default/ada")
    with pytest.raises(AnalyticsError, match="question"):
        alerts.add_rule(rule(name="x", question="no-such"), "user:default/ada")
    assert alerts.list_page_rules() == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"to": ()}, "to: is empty"),
        ({"threshold": "much"}, "threshold: is wrong"),
        ({"threshold": None}, "rule: is wrong: above needs a threshold"),
        ({"window": "soon"}, "window: is wrong: Use a number with m, h, d or w"),
        ({"name": ""}, "name: is wrong"),
        ({"colour": "red"}, "colour: is wrong"),
    ],
)
def test_a_form_is_told_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    given = {"name": "Clicks", "question": "totals", "when": "above", "threshold": "3"}
    with pytest.raises(AnalyticsError) as caught:
        read_rule({**given, "to": ("user:default/ada",), **fields})
    assert str(caught.value).startswith(message)


def test_a_form_tells_people_in_the_portal_only() -> None:
    made = read_rule(
        {
            "name": "x",
            "question": "totals",
            "when": "silent",
            "channels": ["json://127.0.0.1/"],
            "to": ("user:default/ada",),
        }
    )

    assert made.channels == ("inApp",)
