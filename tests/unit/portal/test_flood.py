"""A flood of wrong messages doesn't fill the log (S24)."""

import logging

from backstage_py.portal.flood import PER_MINUTE, FloodFilter


class Clock:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def record(line: int = 1, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("portal", level, "file.py", line, "wrong: %s", ("x",), None)


def test_each_kind_is_logged_ten_times_a_minute() -> None:
    clock = Clock()
    flood = FloodFilter(clock)

    passed = [flood.filter(record()) for _ in range(30)]
    other = flood.filter(record(line=2))
    clock.now = 60.0

    assert passed == [True] * PER_MINUTE + [False] * (30 - PER_MINUTE)
    assert other
    assert flood.filter(record())


def test_the_last_one_says_that_more_are_left_out() -> None:
    flood = FloodFilter(Clock())
    records = [record() for _ in range(PER_MINUTE)]
    for one in records:
        flood.filter(one)

    assert "left out" in records[-1].getMessage()
    assert "left out" not in records[-2].getMessage()


def test_information_is_never_left_out() -> None:
    flood = FloodFilter(Clock())
    assert all(flood.filter(record(level=logging.INFO)) for _ in range(100))
