import json
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import AnalyticsEvent, storable_fields
from backstage_py.analytics.ingest import Batch, Sender
from backstage_py.analytics.ingest.batch import parse_item
from backstage_py.analytics.ingest.pipeline import Intake
from backstage_py.analytics.ingest.plain_event import read_plain
from tests.unit.analytics.ingest.wire import wire

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEXTS = st.text(max_size=12) | st.sampled_from(["", "\0", "é", "x" * 129, "x" * 4097, "_hidden"])
SCALARS = (
    TEXTS
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 1e300, 1.1e300, None, [], {}])
)
FLAT = st.dictionaries(TEXTS, SCALARS, max_size=4) | st.just({str(key): 1 for key in range(65)})
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "action": SCALARS,
        "subject": SCALARS,
        "value": SCALARS,
        "attributes": FLAT | SCALARS,
        "context": FLAT | SCALARS,
        "unknown": SCALARS,
    },
)


@given(fields=EVENTS, is_escaped=st.booleans())
def test_an_event_is_taken_as_the_rules_have_it(
    fields: dict[str, Any], *, is_escaped: bool
) -> None:
    text = json.dumps(wire(**fields), ensure_ascii=is_escaped).encode()

    taken = Intake(Batch([text]), Sender(None, "browser"), NOW).events

    try:
        event = cast("dict[str, Any]", parse_item(text))
        expected = [AnalyticsEvent(**storable_fields(event)).to_wire()]
    except InvalidEventError:
        expected = []
    assert [AnalyticsEvent.to_wire(event) for event in taken] == expected


def test_a_usual_event_needs_no_closer_look() -> None:
    event = wire(
        value=1, attributes={"to": "/docs", "n": 2.5, "é": True}, context={"pluginId": "a"}
    )

    assert read_plain(orjson.dumps(event)) is not None


@pytest.mark.parametrize("field", ["attributes", "context"])
def test_what_it_records_cannot_be_changed(field: str) -> None:
    batch = Batch([orjson.dumps(wire(**{field: {"to": "/docs"}}))])
    [event] = Intake(batch, Sender(None, "browser"), NOW).events

    with pytest.raises(TypeError):
        getattr(event, field)["to"] = "/other"
