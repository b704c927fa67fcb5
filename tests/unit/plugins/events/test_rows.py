from datetime import UTC, datetime

from backstage_py.analytics import RecordedEvent
from backstage_py.plugins.events.rows import build_row
from backstage_py.ui.entries import Entry

ID = "01a2097e-ce6c-7000-be60-45e4f47d4de8"


def test_a_row_tells_an_absent_value_from_zero_and_a_text_from_a_number() -> None:
    event = RecordedEvent(
        action="deploy",
        subject="ledger",
        value=0,
        attributes={"replicas": 3, "zone": "3", "hot": True},
        context={"pluginId": "ci", "extension": "Builds"},
        id=ID,
        timestamp=datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC),
        received_at=datetime(2026, 11, 23, 9, 30, 6, tzinfo=UTC),
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
