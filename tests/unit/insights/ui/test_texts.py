from datetime import UTC, datetime

import pytest

from backstage_py.insights import Grain, Window
from backstage_py.insights.ui import texts


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234567, "1,234,567"), (2.0, "2"), (2.345, "2.3"), (None, "\N{EN DASH}"), ("a", "a")],
)
def test_a_number_has_separators_and_no_needless_digits(value: object, written: str) -> None:
    assert texts.number(value) == written


@pytest.mark.parametrize(
    ("part", "written"), [(0, "0%"), (0.031, "3.1%"), (0.5, "50%"), (1, "100%")]
)
def test_a_small_part_keeps_a_digit(part: float, written: str) -> None:
    assert texts.share(part) == written


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (110, 100, ("up", "+10% vs. previous period")),
        (50, 100, ("down", "\N{MINUS SIGN}50% vs. previous period")),
        (100, 100, ("same", "no change")),
        (0, 0, ("same", "no change")),
        (5, 0, ("same", "no earlier data")),
        (5, None, ("same", "no earlier data")),
    ],
)
def test_a_change_is_said_in_words(now: float, before: float | None, told: tuple[str, str]) -> None:
    assert texts.change(now, before) == told


def test_time_and_money_are_written_in_hours() -> None:
    assert texts.hours(90) == "1.5 h"
    assert texts.hours(60_000) == "1,000 h"
    assert texts.money(90, 850, "NOK") == "NOK 1,275"


def test_a_window_is_named_by_its_days_in_its_zone() -> None:
    since, until = datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 2, 23, tzinfo=UTC)

    assert texts.span(Window(since, until, "Europe/Oslo")) == (
        "1 Nov \N{EN DASH} 2 Nov 2026 · Europe/Oslo"
    )
    assert texts.ends(Window(since, until, "Europe/Oslo")) == ("2026-11-01", "2026-11-02")


@pytest.mark.parametrize(
    ("grain", "name"),
    [(Grain.DAY, "23 Nov"), (Grain.HOUR, "23 Nov 09:00"), (Grain.MONTH, "Nov 2026")],
)
def test_a_piece_of_time_has_a_short_name(grain: Grain, name: str) -> None:
    assert texts.bucket("2026-11-23T09:00", grain) == name


def test_references_are_written_without_what_goes_without_saying() -> None:
    assert texts.entity("component:default/booking") == "component booking"
    assert texts.entity("group:default/sales") == "sales"
    assert texts.entity("api:rail/x") == "api rail/x"
    assert texts.person("user:sample/ada.lind") == "Ada Lind"
    assert texts.person("3f2a") == "3f2a"
