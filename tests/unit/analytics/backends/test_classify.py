from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from backstage_py.analytics.backends.classify import classify, retry_after_seconds
from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.errors import NotWantedError, RejectedError, RetryLaterError

REQUEST = httpx.Request("POST", "http://tool")


def answered(status: int, **headers: str) -> httpx.HTTPStatusError:
    response = httpx.Response(status, headers=headers, request=REQUEST)
    return httpx.HTTPStatusError(f"HTTP {status}", request=REQUEST, response=response)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("reset"),
        TimeoutError("slow"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        *(answered(status) for status in (401, 408, 429, 500, 502, 503, 504)),
    ],
)
def test_what_may_be_different_later_is_tried_again(error: Exception) -> None:
    assert isinstance(classify(error), RetryLaterError)


@pytest.mark.parametrize(
    "error", [ValueError("bad"), KeyError("user"), answered(400), answered(413), answered(422)]
)
def test_a_mistake_with_the_event_is_final_and_named(error: Exception) -> None:
    verdict = classify(error)

    assert isinstance(verdict, RejectedError)
    assert verdict.reason.startswith(f"{type(error).__name__}: ")


def test_a_verdict_stays_what_it_is() -> None:
    verdict = NotWantedError("sampled out")

    assert classify(verdict) is verdict


def test_the_tools_own_pause_is_kept() -> None:
    verdict = classify(answered(429, **{"Retry-After": "7"}))

    assert isinstance(verdict, RetryLaterError)
    assert verdict.after_seconds == 7


def test_retry_after_is_seconds_or_a_date() -> None:
    date = format_datetime(utc_now() + timedelta(seconds=90), usegmt=True)

    assert retry_after_seconds("120") == 120
    assert 80 < (retry_after_seconds(date) or 0) <= 90
    assert [retry_after_seconds(text) for text in (None, "", "soon")] == [None, None, None]
