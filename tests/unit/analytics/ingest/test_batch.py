import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.ingest.batch import BrokenItem, parse_batch, parse_well_formed
from tests.unit.analytics.ingest.wire import wire

DEEP = b'{"attributes": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
SURROGATE = rb'{"subject": "\q, \"[{,}]\""}'


def test_the_envelope_is_read() -> None:
    body = {"events": [], "sessionId": "visit", "sentAt": "2026-11-23T09:30:00Z", "dropped": 3}

    batch = parse_batch(orjson.dumps(body))

    assert parse_well_formed(orjson.dumps(body)) == batch
    assert (batch.items, batch.session_id, batch.dropped) == ([], "visit", 3)
    assert batch.sent_at is not None
    assert batch.sent_at.isoformat() == "2026-11-23T09:30:00+00:00"


@pytest.mark.parametrize("broken", [DEEP, SURROGATE, b'{"a": 01}', b"nonsense", b"", b'{"a": NaN}'])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_event_of_invalid_json_does_not_affect_its_neighbours(broken: bytes, place: int) -> None:
    events = [orjson.dumps(wire(subject="], {")), orjson.dumps(wire())]
    good = list(events)
    events.insert(place, broken)
    body = b'{"a": {"events": [1]}, "events": [' + b", ".join(events) + b'], "sessionId": "v"}'

    batch = parse_batch(body)

    assert parse_well_formed(body) is None
    assert batch.session_id == "v"
    items = list(batch.items)
    assert isinstance(items.pop(place), BrokenItem)
    assert [item.strip() for item in items if isinstance(item, bytes)] == good


@pytest.mark.parametrize(
    ("event", "id_"),
    [
        (rb'{"id": "a-1", "subject": "\q"}', "a-1"),
        (rb'{"subject": "\q", "attributes": {"id": "b"}, "id" : "a-1"}', "a-1"),
        (b'{"attributes": ' + b"[" * 10_000 + b"]" * 10_000 + b', "id": "a-1"}', "a-1"),
        (rb'{"attributes": {"id": "b"}, "subject": "\q"}', None),
        (rb'{"subject": "\q", "a": "id", "b": "c"}', None),
        (rb'{"id": 1, "subject": "\q"}', None),
        (rb'{"id": "\q"}', None),
    ],
)
def test_a_broken_event_is_known_by_its_id_where_it_says_one(event: bytes, id_: str | None) -> None:
    [item] = parse_batch(b'{"events": [' + event + b"]}").items

    assert isinstance(item, BrokenItem)
    assert item.id == id_


def test_no_byte_of_a_broken_body_is_looked_at_twice() -> None:
    escaped_quotes = rb"\"" * 200_000  # looked at again from each of them, this takes minutes

    with pytest.raises(InvalidEventError, match=r"^body: "):
        parse_batch(escaped_quotes)


VALUES = st.recursive(st.none() | st.integers(-9, 9) | st.text('a\\"[{,}]'), st.lists, max_leaves=5)


@given(st.lists(VALUES, max_size=6), st.lists(VALUES, max_size=6))
def test_items_are_found_around_a_broken_one(before: list[Any], after: list[Any]) -> None:
    texts = [*map(json.dumps, before), '"\\q"', *map(json.dumps, after)]

    batch = parse_batch(f'{{"events": [{", ".join(texts)}]}}'.encode())

    items = list(batch.items)
    assert isinstance(items.pop(len(before)), BrokenItem)
    assert [orjson.loads(item) for item in items if isinstance(item, bytes)] == [*before, *after]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "body: "),
        (b'{"events": [', "body: "),
        (b'{"events": [nonsense}', "body: "),
        (b'{"events": [nonsense]', "body: "),
        (b'[{"events": []}]', "body: is not an object"),
        (b"{}", "events: is not a list"),
        (b'{"events": {}}', "events: is not a list"),
        (b'{"events": [], "sessionId": "a b"}', "sessionId: "),
        (b'{"events": [], "sentAt": "now"}', "sentAt: "),
        (b'{"events": [], "dropped": -1}', "dropped: is -1"),
        (b'{"events": [], "dropped": true}', "dropped: is True"),
    ],
)
def test_an_invalid_batch_is_one_clear_error(body: bytes, message: str) -> None:
    with pytest.raises(InvalidEventError, match=f"^{message}"):
        parse_batch(body)
