from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.ingest.rate_limit import RateLimit


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_passes_and_more_has_to_wait() -> None:
    limit = RateLimit(10, 20, clock=Clock())

    assert [limit.seconds_to_wait("a", 15), limit.seconds_to_wait("a", 10)] == [0, 0.5]


def test_after_the_wait_it_passes() -> None:
    clock = Clock()
    limit = RateLimit(10, 20, clock=clock)
    limit.seconds_to_wait("a", 20)

    clock.seconds += limit.seconds_to_wait("a", 5)

    assert limit.seconds_to_wait("a", 5) == 0


def test_one_sender_does_not_use_up_what_another_has() -> None:
    limit = RateLimit(10, 20, clock=Clock())
    limit.seconds_to_wait("a", 20)

    assert limit.seconds_to_wait("b", 20) == 0


def test_a_batch_larger_than_the_bucket_passes_when_it_is_full() -> None:
    assert RateLimit(10, 20, clock=Clock()).seconds_to_wait("a", 500) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 20)), max_size=60))
def test_no_sender_gets_more_than_the_burst_and_the_refill(steps: list[tuple[int, int]]) -> None:
    clock = Clock()
    limit = RateLimit(10, 20, clock=clock)
    passed = 0
    for seconds, amount in steps:
        clock.seconds += seconds
        passed += 0 if limit.seconds_to_wait("a", amount) else amount

    assert passed <= 20 + 10 * clock.seconds + 1e-6


def test_buckets_of_senders_long_gone_are_forgotten() -> None:
    limit = RateLimit(10, 20, senders=2, clock=Clock())
    for sender in ("a", "b", "c"):
        limit.seconds_to_wait(sender, 20)

    assert limit.seconds_to_wait("a", 20) == 0
