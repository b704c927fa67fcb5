"""The message that people see when the database does not answer."""

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.portal.database import NO_ANSWER, answer_of, when_database_answers

DOWN = OperationalError("SELECT 1", {}, OSError("disk"))


def fail() -> str:
    raise DOWN


def test_an_answer_is_given_and_none_if_there_is_none(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert answer_of(lambda: "rows") == "rows"
        assert answer_of(fail) is None

    assert [record.message for record in caplog.records] == [
        f"The database did not answer fail: {DOWN}"
    ]


def test_a_handler_says_that_nothing_answers() -> None:
    @when_database_answers
    def keep(_state: object, name: str) -> Any:
        return name or fail()

    @when_database_answers
    async def keep_later(_state: object, name: str) -> Any:
        await asyncio.sleep(0)
        return name or fail()

    assert keep(None, name="a") == "a"
    assert asyncio.run(keep_later(None, "a")) == "a"
    assert NO_ANSWER in str(keep(None, ""))
    assert NO_ANSWER in str(asyncio.run(keep_later(None, name="")))


def test_another_error_stays_one() -> None:
    @when_database_answers
    def keep() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep()
