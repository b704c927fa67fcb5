from datetime import date, timedelta

from backstage_py.analytics.inventory.volume import UnusualDay, find_unusual_days

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)


def history(weekday: int, weekend: int) -> dict[date, int]:
    days = (TODAY - timedelta(days=ago) for ago in range(1, 64))
    return {day: weekend if day.weekday() > 4 else weekday for day in days}


def test_weekends_are_usual_and_so_is_what_varies_a_little() -> None:
    counts = history(weekday=100, weekend=3)
    counts[YESTERDAY] = 130

    assert find_unusual_days({"click": counts}, TODAY) == []


def test_far_more_than_on_others_of_its_weekday_is_unusual() -> None:
    counts = history(weekday=100, weekend=3)
    counts[YESTERDAY] = 200

    assert find_unusual_days({"click": counts}, TODAY) == [UnusualDay("click", YESTERDAY, 200, 100)]


def test_none_at_all_is_unusual_where_some_are_usual() -> None:
    counts = {day: count for day, count in history(6, 0).items() if day != YESTERDAY}

    (found,) = find_unusual_days({"create": counts}, TODAY)
    assert (found.day, found.is_silent, found.usual) == (YESTERDAY, True, 6)
    assert find_unusual_days({"create": dict.fromkeys(counts, 4)}, TODAY) == []


def test_one_wild_week_does_not_make_others_unusual() -> None:
    counts = history(weekday=50, weekend=50)
    counts[YESTERDAY - timedelta(weeks=3)] = 5_000

    assert find_unusual_days({"click": counts}, TODAY) == []


def test_what_varies_much_may_vary_much() -> None:
    counts = history(weekday=100, weekend=100)
    for week, count in enumerate((20, 180, 40, 160, 60, 140, 30, 170), start=1):
        counts[YESTERDAY - timedelta(weeks=week)] = count
    counts[YESTERDAY] = 300

    assert find_unusual_days({"click": counts}, TODAY) == []


def test_new_and_rare_actions_are_not_judged() -> None:
    new = {TODAY - timedelta(days=ago): 10 for ago in range(2, 20)}
    few = {**history(1, 1), YESTERDAY: 9}

    assert find_unusual_days({"new": {**new, YESTERDAY: 900}, "few": few}, TODAY) == []
