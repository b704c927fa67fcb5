import pytest

from backstage_py.plugins.scaffolder.tasks.time_saved import minutes_saved


@pytest.mark.parametrize(
    ("annotation", "minutes"),
    [
        ("PT8H", 480),
        ("PT15M", 15),
        ("PT2.5H", 150),
        ("PT2,5H", 150),
        ("PT30S", 0.5),
        ("P1D", 1440),
        ("P1W", 10_080),
        ("P1M", 43_200),
        ("P1Y", 525_600),
        ("P1Y2M3DT4H5M6S", 616_565.1),
        ("PT0S", 0),
        (" PT1H\n", 60),
    ],
)
def test_a_duration_counts_in_minutes_months_as_30_days_and_years_as_365(
    annotation: str, minutes: float
) -> None:
    assert minutes_saved(annotation) == minutes


@pytest.mark.parametrize(
    "annotation",
    [
        None,
        "",
        "P",
        "PT",
        "P1DT",
        "-PT5M",
        "PT-5M",
        "8h",
        "pt8h",
        8,
        "PT1H1H",
        "P1H",
        "PT८H",
        "PT999999999999H",
        "two hours",
        {"hours": 2},
    ],
)
def test_a_missing_invalid_or_negative_annotation_gives_none(
    annotation: object,
) -> None:
    assert minutes_saved(annotation) is None


def test_whole_minutes_are_whole_numbers() -> None:
    assert isinstance(minutes_saved("PT1H"), int)
