import copy
import json
import math
import pickle
from datetime import UTC, datetime
from typing import Any
from uuid import RFC_4122, UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import (
    DEFAULT_CONTEXT,
    AnalyticsEvent,
    RecordedEvent,
    new_event_id,
    parse_event_id,
    parse_time,
)
from backstage_py.analytics.event_id import EventIds
from tests.unit.analytics.recorded import recorded

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
SCALARS = (
    TEXTS | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e300, 1e300, allow_nan=False)
)
RECORDS = st.dictionaries(
    TEXTS.filter(lambda key: key and not key.startswith("_")), SCALARS, max_size=8
)
WIRES = st.fixed_dictionaries(
    {"action": TEXTS.filter(bool), "subject": TEXTS, "context": RECORDS},
    optional={
        "value": st.integers(-(2**53), 2**53) | st.floats(-1e300, 1e300),
        "attributes": RECORDS,
    },
)


@given(WIRES)
def test_an_event_comes_back_from_its_wire_form_as_it_went(wire: dict[str, Any]) -> None:
    assert AnalyticsEvent.from_wire(wire).to_wire() == wire


@given(WIRES)
def test_a_record_comes_back_from_its_wire_form_as_it_went(wire: dict[str, Any]) -> None:
    envelope = {
        "id": new_event_id(),
        "timestamp": "2026-11-23T09:30:00.125Z",
        "receivedAt": "2026-11-23T09:30:01.000Z",
        "sessionId": "visit-1",
        "user": "user:default/guest",
        "origin": "browser",
        "appVersion": "2.4.0",
    }

    assert RecordedEvent.from_wire({**wire, **envelope}).to_wire() == {**wire, **envelope}


def test_an_event_without_a_context_has_the_default_one() -> None:
    assert AnalyticsEvent(action="deploy", subject="ledger").context == DEFAULT_CONTEXT


def test_internal_keys_of_the_context_are_left_out() -> None:
    event = AnalyticsEvent(action="a", subject="s", context={"_depth": 1, "pluginId": "docs"})

    assert event.context == {"pluginId": "docs"}


def test_an_event_cannot_be_changed() -> None:
    given_attributes: dict[str, Any] = {"env": "prod"}
    event = AnalyticsEvent(action="a", subject="s", attributes=given_attributes)

    given_attributes["env"] = "test"

    assert event.attributes == {"env": "prod"}
    with pytest.raises(TypeError):
        event.attributes["env"] = "test"  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
    with pytest.raises(AttributeError):
        event.action = "other"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"action": ""}, "action"),
        ({"action": "a" * 129}, "action"),
        ({"action": 7}, "action"),
        ({"subject": None}, "subject"),
        ({"subject": "s" * 4097}, "subject"),
        ({"subject": "nul \0"}, "subject"),
        ({"subject": "half \ud83d"}, "subject"),
        ({"value": True}, "value"),
        ({"value": "3"}, "value"),
        ({"value": math.nan}, "value"),
        ({"value": math.inf}, "value"),
        ({"value": 10**400}, "value"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {"": 1}}, "attributes"),
        ({"attributes": {"k" * 129: 1}}, "attributes key"),
        ({"attributes": {str(n): n for n in range(65)}}, "attributes"),
        ({"attributes": {"nested": {"a": 1}}}, "attributes.nested"),
        ({"attributes": {"none": None}}, "attributes.none"),
        ({"attributes": {"big": "x" * 65_536}}, "attributes.big"),
        ({"context": "catalog"}, "context"),
        ({"context": {"pluginId": ["a"]}}, "context.pluginId"),
        ({"attributes": {str(n): "x" * 4096 for n in range(9)}}, "event"),
    ],
)
def test_a_wrong_field_is_named_with_its_fix(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidEventError) as caught:
        AnalyticsEvent.from_wire({"action": "a", "subject": "s", **fields})

    assert caught.value.where == where
    assert caught.value.hint
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("field", ["action", "subject"])
def test_a_missing_field_is_named(field: str) -> None:
    wire = {"action": "a", "subject": "s"}
    del wire[field]

    with pytest.raises(InvalidEventError, match=f"^{field}: is missing"):
        AnalyticsEvent.from_wire(wire)


def test_ids_sort_in_the_order_of_their_making() -> None:
    ids = [new_event_id() for _ in range(1000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


@pytest.mark.parametrize(
    "given_id",
    [None, 7, "", "not-a-uuid", "0" * 31, "{%s" % ("0" * 32), "0_" * 16, "0" * 33],
)
def test_an_id_that_is_not_a_uuid_is_refused(given_id: object) -> None:
    with pytest.raises(InvalidEventError, match=r"^id: "):
        parse_event_id(given_id)


def test_an_id_is_a_uuid_of_version_7_with_its_time() -> None:
    moment = datetime(2036, 1, 2, tzinfo=UTC).timestamp()
    first, second = (EventIds(lambda: int(moment) * 1_000_000_000) for _ in range(2))

    ids = [UUID(one) for one in (first.make(), first.make(), second.make())]

    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {RFC_4122}
    assert {one.int >> 80 for one in ids} == {int(moment * 1_000)}
    assert ids[0] < ids[1]
    assert len(set(ids)) == 3


def test_ids_sort_while_the_clock_is_set_back() -> None:
    clock = iter([2_000_000, 0])
    ids = EventIds(lambda: next(clock))

    assert ids.make() < ids.make()


@pytest.mark.parametrize("form", ["%s", "{%s}", "urn:uuid:%s"])
@pytest.mark.parametrize("hyphens", ["-", ""])
def test_one_id_has_one_form(form: str, hyphens: str) -> None:
    given = "01A2096B-C368-7715-876E-A0B810259523".replace("-", hyphens)

    assert parse_event_id(form % given) == "01a2096b-c368-7715-876e-a0b810259523"


def test_a_time_is_kept_in_utc() -> None:
    assert parse_time("timestamp", "2026-11-23T10:30:00+01:00") == datetime(
        2026, 11, 23, 9, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "time", [None, 1732354200, "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"]
)
def test_a_time_that_is_none_is_refused(time: object) -> None:
    with pytest.raises(InvalidEventError, match=r"^since: "):
        parse_time("since", time)


def test_a_user_is_recorded_in_lower_case() -> None:
    assert recorded(user="User:Default/Ann").user == "user:default/ann"


@pytest.mark.parametrize("values", [{"to": "/docs"}, DEFAULT_CONTEXT])
def test_attributes_and_context_are_json_as_they_are_and_never_change(values: Any) -> None:
    event = recorded(attributes=values, context=values)

    for kept in (event.attributes, event.context):
        assert json.loads(orjson.dumps(kept)) == json.loads(json.dumps(kept)) == values
        assert pickle.loads(pickle.dumps(kept)) == copy.deepcopy(kept) == values
        for change in ("clear", "pop", "popitem", "setdefault", "update", "__setitem__"):
            with pytest.raises(TypeError, match="an event cannot be changed"):
                getattr(kept, change)("to", "/")
