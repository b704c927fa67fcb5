"""Recorded events for tests, and a strategy that draws them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from backstage_py.analytics.event import RecordedEvent, new_event_id

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
_NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e300, 1e300)
_RECORDS = st.dictionaries(
    _TEXTS.filter(lambda key: bool(key) and not key.startswith("_")),
    _TEXTS | st.booleans() | _NUMBERS,
    max_size=5,
)


def recorded(minutes: float = 0, **fields: Any) -> RecordedEvent:
    """An event of some minutes after noon."""
    moment = NOON + timedelta(minutes=minutes)
    return RecordedEvent(**{
        "id": new_event_id(),
        "action": "click",
        "subject": "Docs",
        "timestamp": moment,
        "received_at": moment,
        **fields,
    })  # fmt: skip


@st.composite
def recorded_events(draw: st.DrawFn) -> RecordedEvent:
    """Any event that may be recorded."""
    moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # ruff: ignore[call-datetime-without-tzinfo]
    return recorded(
        action=draw(_TEXTS.filter(bool)),
        subject=draw(_TEXTS),
        value=draw(st.none() | _NUMBERS),
        attributes=draw(st.none() | _RECORDS),
        context=draw(_RECORDS),
        timestamp=draw(moments),
        received_at=draw(moments),
        session_id=draw(st.none() | st.just("visit-1")),
        user=draw(st.none() | _TEXTS.filter(bool)),
        origin=draw(st.sampled_from(["browser", "server"])),
    )
