from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.backends.routing import Routing, share_of
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from tests.unit.analytics.recorded import recorded, recorded_events

CATALOG = {"pluginId": "catalog", "extension": "App"}


def routing(**section: Any) -> Routing:
    return Routing.from_config(Config(section))


def event(action: str = "click", plugin: str = "catalog", **attributes: Any) -> Any:
    return recorded(action=action, context={**CATALOG, "pluginId": plugin}, attributes=attributes)


@pytest.mark.parametrize(
    ("include", "taken"),
    [
        ([], False),
        ([{"action": "click"}], True),
        ([{"action": ["navigate", "click"]}], True),
        ([{"action": "navigate"}], False),
        ([{"action": "navigate"}, {"plugin": "catalog"}], True),
        ([{"action": "click", "plugin": "search"}], False),
        ([{"plugin": "cat*"}], True),
        ([{"plugin": "*log"}], True),
        ([{"plugin": "cat"}], False),
        ([{"action": "cl.ck"}], False),
        ([{"attributes": {"env": "prod"}}], True),
        ([{"attributes": {"env": ["dev", "prod"], "count": 3}}], True),
        ([{"attributes": {"count": "3"}}], False),
        ([{"attributes": {"flag": True}}], True),
        ([{"attributes": {"count": "*"}}], True),
        ([{"attributes": {"absent": "*"}}], False),
        ([{}], True),
    ],
)
def test_only_what_is_included_is_taken(include: list[Any], *, taken: bool) -> None:
    given_event = event(env="prod", count=3, flag=True)

    assert routing(include=include).takes(given_event) is taken
    assert routing(exclude=include).takes(given_event) is not taken


def test_excluded_wins_over_included() -> None:
    rules = routing(include=[{"plugin": "catalog"}], exclude=[{"action": "navigate"}])

    assert rules.takes(event("click"))
    assert not rules.takes(event("navigate"))


@pytest.mark.parametrize("sampling", [0.0, 0.25, 0.9, 1.0])
def test_a_share_of_the_sessions_is_taken_and_each_as_a_whole(sampling: float) -> None:
    rules = routing(sampling=sampling)
    taken = 0
    for number in range(2_000):
        verdicts = {
            rules.takes(recorded(action=action, session_id=f"visit-{number}"))
            for action in ("click", "navigate", "search")
        }
        assert len(verdicts) == 1
        taken += verdicts.pop()

    assert abs(taken / 2_000 - sampling) < 0.04


@given(st.text(max_size=40))
def test_a_share_is_below_one_and_always_the_same(text: str) -> None:
    assert 0 <= share_of(text) < 1
    assert share_of(text) == share_of(text)


def test_what_is_redacted_is_left_out() -> None:
    given_event = recorded(
        attributes={"to": "/secret", "toLine": 3, "kept": 1},
        context={**CATALOG, "entityRef": "user:default/ann"},
    )

    found = routing(redact=["to*", "entityRef"]).redacted(given_event)

    assert found.attributes == {"kept": 1}
    assert found.context == CATALOG
    assert (found.id, found.subject) == (given_event.id, given_event.subject)


@given(recorded_events())
def test_without_rules_every_event_is_taken_as_it_is(event: Any) -> None:
    rules = routing()

    assert rules.takes(event)
    assert rules.redacted(event) is event


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"sampling": 2}, "sampling: is 2. Use a share of the sessions, from 0 to 1"),
        (
            {"include": [{"plugins": "catalog"}]},
            "include[0].plugins: is not a known key. Did you mean plugin?",
        ),
        (
            {"exclude": {"action": "click"}},
            "exclude: is an object. Use a list of objects with action, plugin or attributes",
        ),
        (
            {"redact": "to"},
            'redact: is "to". Use a list of names of attributes and context values',
        ),
    ],
)
def test_wrong_rules_are_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        routing(**section)

    assert str(error.value) == message
