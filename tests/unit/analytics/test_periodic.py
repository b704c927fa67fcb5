import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from backstage_py.analytics.errors import AnalyticsError
from backstage_py.analytics.periodic import Every

LONG = 3_600.0


class Step:
    """Is counted, and returns or raises what a test says."""

    def __init__(self) -> None:
        self.calls = 0
        self.answers: list[float | Exception | None] = []
        self._changed = threading.Condition()

    def __call__(self) -> float | None:
        with self._changed:
            self.calls += 1
            self._changed.notify_all()
            answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait_for(self, calls: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.calls >= calls, 5)


@pytest.fixture
def step() -> Step:
    return Step()


@pytest.fixture
def every(step: Step) -> Iterator[Callable[[float | None], Every]]:
    made: list[Every] = []

    def make(seconds: float | None) -> Every:
        made.append(Every(seconds, step, "test", trouble="It waits", extra={"backend": "ga4"}))
        return made[-1]

    yield make
    for one in made:
        one.close(5)


def test_it_calls_at_once_and_then_at_intervals(
    step: Step, every: Callable[[float], Every]
) -> None:
    every(0.001).start()

    step.wait_for(3)


def test_the_first_call_may_wait_for_the_interval(
    step: Step, every: Callable[[float], Every]
) -> None:
    periodic = every(LONG)
    periodic.start(at_once=False)
    assert step.calls == 0

    periodic.wake()

    step.wait_for(1)


def test_a_step_says_when_it_is_called_again(step: Step, every: Callable[[float], Every]) -> None:
    step.answers = [0, 0.001, 0]
    every(LONG).start()

    step.wait_for(4)


def test_what_a_step_raises_is_logged_and_it_is_called_again(
    step: Step, every: Callable[[float], Every], caplog: pytest.LogCaptureFixture
) -> None:
    step.answers = [AnalyticsError("tool", "is away", "Wait"), ValueError("odd")]
    with caplog.at_level(logging.WARNING):
        every(0.001).start()
        step.wait_for(3)

    expected, unexpected = caplog.records[:2]
    assert (expected.message, expected.exc_info) == ("It waits: tool: is away. Wait", None)
    assert (unexpected.message, bool(unexpected.exc_info)) == ("It waits", True)
    assert vars(expected)["backend"] == "ga4"


def test_asked_to_stop_it_finishes_what_there_is_to_do(
    step: Step, every: Callable[[float], Every]
) -> None:
    step.answers = [0, 0, 0]
    periodic = every(LONG)
    periodic.ask_to_stop()
    periodic.start()
    periodic.close(5)

    assert step.calls == 4


def test_without_an_interval_it_is_called_when_woken_only(
    step: Step, every: Callable[[float | None], Every]
) -> None:
    periodic = every(None)
    periodic.start(at_once=False)
    periodic.wake()

    step.wait_for(1)


def test_it_starts_once(every: Callable[[float], Every]) -> None:
    periodic = every(LONG)
    periodic.start()
    thread = periodic._thread

    periodic.start()

    assert periodic._thread is thread
