from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backstage_py.insights import Annotation, Condition, Grain, Operator, Window
from backstage_py.insights.ui.funnel_rows import build_cohorts, build_funnel, build_runs
from backstage_py.insights.ui.rows import (
    Wording,
    build_figure,
    build_points,
    build_rows,
    list_marks,
    list_ticks,
    write,
)
from backstage_py.insights.ui.settings import DisplaySettings
from backstage_py.insights.ui.tiles import Chart, Column, FigureSpec, list_shown

WORDING = Wording(
    DisplaySettings.model_validate({"hourlyRate": 100, "currency": "EUR"}),
    Window(),
    Grain.DAY,
    {"component:default/shop": "/catalog/default/component/shop"}.get,  # pyright: ignore[reportArgumentType]
    {"component:default/shop": "Shop"}.get,  # pyright: ignore[reportArgumentType]
)
COLUMNS = (
    Column("entityRef", "Entity", "entity"),
    Column("path", "Page", "path"),
    Column("events", "Events", "number", is_measure=True),
)


def test_a_row_has_links_bars_and_the_conditions_of_its_events() -> None:
    rows = [
        {"entityRef": "component:default/shop", "path": "/catalog", "events": 1200},
        {"entityRef": "api:default/gone", "path": None, "events": 300},
    ]

    first, second = build_rows(COLUMNS, rows, {"entityRef": "entityRef", "path": "path"}, WORDING)

    assert [cell.text for cell in first.cells] == ["Shop", "/catalog", "1,200"]
    assert [cell.path for cell in first.cells] == [
        "/catalog/default/component/shop",
        "/catalog",
        "",
    ]
    assert [row.cells[0].fraction for row in (first, second)] == ["100.0%", "25.0%"]
    assert first.cells[0].is_filter
    assert first.cells[2].is_measure
    assert second.cells[0].text == "api gone"
    assert second.behind == ('[["entityRef","is",["api:default/gone"]],["path","is not set",[]]]')


def test_what_somebody_captured_is_never_a_link_out_of_the_portal() -> None:
    [row] = build_rows(COLUMNS[1:2], [{"path": "javascript:alert(1)"}], {}, WORDING)

    assert not row.cells[0].path


def test_a_long_address_is_shown_without_its_middle_and_keeps_its_link() -> None:
    address = "/catalog/default/component/announcement-composer/dependencies"

    [row] = build_rows(COLUMNS[1:2], [{"path": address}], {}, WORDING)

    [cell] = row.cells
    assert cell.text == "/catalog/…/announcement-composer/dependencies"
    assert (cell.path, cell.hint) == (address, address)


def test_money_is_worth_what_the_owner_says_and_not_shown_otherwise() -> None:
    columns = [
        Column("minutesSaved", "Saved", "hours"),
        Column("money", "Value of time saved", "money"),
    ]

    assert write("money", 90, WORDING) == "EUR 150"
    assert list_shown(columns, has_rate=True) == columns
    assert list_shown(columns, has_rate=False) == columns[:1]


def test_a_chart_has_a_point_for_each_piece_of_time() -> None:
    chart = Chart("lines", {"users": "People"}, "people")
    rows = [{"date": "2026-11-01", "users": 3, "other": 9}, {"date": "2026-11-02", "users": None}]

    first, second = build_points(chart, rows, WORDING)

    assert first == {"label": "1 Nov", "when": "Sun 1 Nov 2026", "unit": "people", "users": 3}
    assert second["users"] is None


def test_an_unfinished_interval_is_a_separate_line_that_joins() -> None:
    chart = Chart("lines", {"users": "People"}, "people", is_compared=True)
    rows = [{"date": f"2026-11-0{day}", "users": day} for day in (1, 2, 3)]

    points = build_points(chart, rows, WORDING, partial={"2026-11-03": "running"}, earlier=rows[:2])

    assert [point["users"] for point in points] == [1, 2, None]
    assert [point.get("users_now") for point in points] == [None, 2, 3]
    assert [point.get("previous") for point in points] == [1, 2, None]


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (0.4, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (180, [0, 50, 100, 150, 200]),
        (260, [0, 100, 200, 300]),
        (1_999, [0, 500, 1000, 1500, 2000]),
    ],
)
def test_an_axis_has_round_numbers(highest: float, ticks: list[int]) -> None:
    assert list_ticks(highest) == ticks


def test_annotations_are_at_the_piece_of_time_they_are_in() -> None:
    rows = [{"date": "2026-11-02"}, {"date": "2026-11-09"}]
    times = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (1, 4, 9)]
    made = [Annotation(at=at, text=f"Release {at.day}", id=str(at.day)) for at in times]

    marks = list_marks(rows, replace(WORDING, annotations=made, grain=Grain.WEEK))

    assert [(mark.id, mark.label) for mark in marks] == [("4", "2 Nov"), ("9", "9 Nov")]
    assert marks[0].when == "4 Nov"


def test_the_rest_of_a_ranking_is_a_row_of_its_own() -> None:
    columns = (Column("pluginId", "Plugin", "plugin"), COLUMNS[2])
    wording = replace(WORDING, plugin_title={"techdocs": "Docs"}.get)
    rows = [{"pluginId": "techdocs", "events": 60}, {"pluginId": "x", "events": 20}]

    docs, other, rest = build_rows(columns, rows, {"pluginId": "pluginId"}, wording, total=100)

    assert (docs.cells[0].text, docs.cells[0].id) == ("Docs", "techdocs")
    assert [row.cells[1].share for row in (docs, other, rest)] == ["60%", "20%", "20%"]
    assert (rest.is_others, rest.cells[0].text, rest.cells[1].text) == (True, "Others", "20")
    assert len(build_rows(columns, rows, {}, wording, total=80)) == 2


def test_a_funnel_says_how_many_gave_up_at_each_step() -> None:
    steps = build_funnel(
        [
            {"name": "search", "count": 200, "medianSeconds": 0.0},
            {"name": "discover", "count": 150, "medianSeconds": 4.0},
            {"name": "create", "count": 0, "medianSeconds": None},
        ]
    )

    assert [(step.count, step.share, step.width) for step in steps] == [
        ("200", "100%", "100.0%"),
        ("150", "75%", "75.0%"),
        ("0", "0%", "0.0%"),
    ]
    assert not steps[0].lost
    assert steps[1].lost == "25% dropped off (50); median 4 s to reach this step"
    assert steps[2].lost == "100% dropped off (150)"


def test_a_funnel_without_anybody_has_no_shares() -> None:
    [step] = build_funnel([{"name": "search", "count": 0}])

    assert (step.share, step.width) == ("0%", "0.0%")


def test_a_run_that_failed_is_another_end_and_no_step() -> None:
    steps = build_runs(
        [
            {"name": "Next Step (2)", "sessions": 10},
            {"name": "failed", "sessions": 2},
        ]
    )

    assert [(step.name, step.is_other, step.lost) for step in steps] == [
        ("Page 2 of the form", False, ""),
        ("Failed", True, ""),
    ]


def test_cohorts_have_their_weeks_in_order() -> None:
    rows = [
        {"cohort": "2026-11-02", "users": 4, "week": week, "active": active, "share": active / 4}
        for week, active in ((1, 1), (0, 4))
    ]

    [cohort] = build_cohorts(rows)

    assert (cohort.name, cohort.size) == ("2 Nov", "4")
    assert [(week.text, week.strength, week.hint) for week in cohort.weeks] == [
        ("100%", "100", "Week 0: 4 people"),
        ("25%", "25", "Week 1: 1 person"),
    ]


def test_conditions_of_missing_values_ask_for_their_absence() -> None:
    [row] = build_rows(COLUMNS[2:], [{"events": 1, "team": None}], {"team": "team"}, WORDING)

    assert row.behind == '[["team","is not set",[]]]'
    assert Condition("team", Operator.IS_NOT_SET).values == ()


@pytest.mark.parametrize(
    ("now", "before", "tones"),
    [(110, 100, ("good", "bad")), (90, 100, ("bad", "good")), (100, 100, ("", ""))],
)
def test_more_of_what_should_be_less_is_not_good_news(
    now: int, before: int, tones: tuple[str, str]
) -> None:
    found = FigureSpec("searches", "Searches", "")
    missed = FigureSpec("withoutResult", "Without results", "", less_is_better=True)

    figures = [
        build_figure(spec, now, before, WORDING, is_compared=True) for spec in (found, missed)
    ]

    assert tuple(figure.tone for figure in figures) == tones
