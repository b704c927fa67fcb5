from datetime import UTC, datetime
from typing import Any

from backstage_py.analytics import RecordedEvent
from backstage_py.insights.ui.live.rows import build_row
from backstage_py.ui.entries import Entry

ID = "01a2097e-ce6c-7000-be60-45e4f47d4de8"


def build_event(**more: Any) -> RecordedEvent:
    at = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
    return RecordedEvent(
        **{"action": "deploy", "subject": "ledger", "id": ID, "timestamp": at, **more},
        received_at=at,
    )


def test_a_user_is_named_to_those_who_may_know() -> None:
    event = build_event(user="user:default/ann")

    assert build_row(event).user == "user:default/ann"
    assert build_row(event, has_names=False).user == "signed in"
    assert build_row(build_event(), has_names=False).user == "anonymous"


def test_a_row_tells_an_absent_value_from_zero_and_a_text_from_a_number() -> None:
    event = build_event(
        value=0,
        attributes={"replicas": 3, "zone": "3", "hot": True},
        context={"pluginId": "ci", "extension": "Builds"},
    )

    row = build_row(event)

    assert (row.value, row.place, row.user, row.time) == (
        "0",
        "ci / Builds",
        "anonymous",
        "09:30:05",
    )
    assert row.attributes == [
        Entry("replicas", "3"),
        Entry("zone", '"3"'),
        Entry("hot", "true"),
    ]
