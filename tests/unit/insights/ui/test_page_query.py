from datetime import UTC, datetime

import pytest

from backstage_py.insights import Grain, Sample
from backstage_py.insights.ui.page_query import PageQuery

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_an_address_without_anything_asks_for_the_last_28_days() -> None:
    window = PageQuery.from_address("").to_window(NOW)

    assert window.since == datetime(2026, 10, 28, tzinfo=UTC)
    assert window.until == datetime(2026, 11, 25, tzinfo=UTC)


def test_days_are_those_of_the_zone() -> None:
    window = PageQuery.from_address("?range=1d&zone=Europe/Oslo").to_window(NOW)

    assert window.since == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert window.until == datetime(2026, 11, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "ends", ["since=2026-11-01&until=2026-11-03", "until=2026-11-01&since=2026-11-03"]
)
def test_a_custom_range_has_both_its_days_in_whichever_order_they_were_given(ends: str) -> None:
    window = PageQuery.from_address(f"range=custom&{ends}").to_window(NOW)

    assert window.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert window.until == datetime(2026, 11, 4, tzinfo=UTC)


def test_what_an_address_says_wrongly_is_left_out() -> None:
    query = PageQuery.from_address("range=9y&grain=second&zone=Mars/Base&since=2026-02-31")

    assert query == PageQuery()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "range=7d&grain=hour&zone=Europe/Oslo&sample=without",
        "range=custom&since=2026-11-01&until=2026-11-03",
        "route=catalog%20index",
        "by=action,team&where=[[%22subject%22,%22is%22,[%22a;b%26c%22]]]",
    ],
)
def test_an_address_says_the_same_after_it_was_written(address: str) -> None:
    query = PageQuery.from_address(address)

    assert PageQuery.from_address(query.to_address()) == query


def test_another_tab_takes_the_range_over_and_nothing_else() -> None:
    query = PageQuery.from_address("range=7d&zone=Europe/Oslo&route=catalog")

    assert query.to_tab(zone="Europe/Oslo") == "range=7d"


def test_a_parameter_that_becomes_empty_is_taken_away() -> None:
    query = PageQuery.from_address("route=catalog").including(route="", template="x")

    assert query.to_address() == "template=x"


@pytest.mark.parametrize(
    ("address", "grain"),
    [
        ("range=7d&grain=hour", Grain.HOUR),
        ("range=90d&grain=hour", Grain.WEEK),
        ("range=90d&grain=day", Grain.DAY),
        ("range=28d", Grain.DAY),
        ("range=365d&grain=month", Grain.MONTH),
    ],
)
def test_time_is_cut_as_asked_where_one_could_still_read_it(address: str, grain: Grain) -> None:
    query = PageQuery.from_address(address)

    assert query.to_grain(query.to_window(NOW)) is grain


def test_sample_data_is_counted_unless_it_is_left_out() -> None:
    assert PageQuery.from_address("").sample is Sample.ALL
    assert PageQuery.from_address("sample=without").sample is Sample.WITHOUT
