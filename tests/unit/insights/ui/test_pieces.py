from datetime import UTC, datetime

import pytest

from backstage_py.insights import Grain, Window
from backstage_py.insights.ui.pieces import read_span, write_span

OSLO = Window(
    datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC), "Europe/Oslo"
)


@pytest.mark.parametrize(
    ("date", "grain", "since", "until"),
    [
        ("2026-11-23T09:00", Grain.HOUR, "2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-10-25", Grain.DAY, "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-11-23", Grain.WEEK, "2026-11-22T23:00", "2026-11-29T23:00"),
        ("2026-12-01", Grain.MONTH, "2026-11-30T23:00", "2026-12-31T23:00"),
        ("2026-09-28", Grain.WEEK, "2026-10-01T00:00", "2026-10-04T22:00"),
    ],
)
def test_a_piece_lies_between_its_moments_within_the_window(
    date: str, grain: Grain, since: str, until: str
) -> None:
    window = read_span(write_span(date, grain, OSLO), OSLO)

    assert window.since == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert window.until == datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert window.zone == "Europe/Oslo"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-01/2026-11-02", "a/b/c"])
def test_an_invalid_piece_is_the_whole_window(text: str) -> None:
    assert read_span(text, OSLO) == OSLO


def test_a_row_without_time_has_no_piece() -> None:
    assert not write_span(None, Grain.DAY, OSLO)
