"""Slow work of one person delays nobody else's (S5, S19)."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from backstage_py.portal.slow_work import SlowWork, TooBusyError
from tests.loops import run

ANN, BOB = "user:default/ann", "user:default/bob"
SECONDS = 10.0


def test_a_person_waiting_for_a_slow_host_leaves_room_for_others() -> None:
    work, gate = SlowWork("test", threads=2), threading.Event()

    async def go() -> None:
        slow = [asyncio.create_task(work.run(ANN, gate.wait, SECONDS)) for _ in range(5)]
        await asyncio.sleep(0)
        assert await asyncio.wait_for(work.run(BOB, lambda: "bob"), SECONDS) == "bob"
        gate.set()
        assert await asyncio.gather(*slow) == [True] * 5

    run(go())
    assert work._lines == {}


def test_a_line_that_is_full_is_refused_at_once() -> None:
    work, gate = SlowWork("test", waiting=1), threading.Event()

    async def go() -> None:
        tasks = [asyncio.create_task(work.run(ANN, gate.wait, SECONDS)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooBusyError):
            await work.run(ANN, gate.wait, SECONDS)
        gate.set()
        await asyncio.gather(*tasks)

    run(go())


def test_an_error_is_its_own_and_the_line_goes_on() -> None:
    work = SlowWork("test")

    def fail() -> None:
        raise ValueError("broken")

    async def go() -> None:
        with pytest.raises(ValueError, match="broken"):
            await work.run(ANN, fail)
        assert await work.run(ANN, lambda: 1) == 1

    run(go())


def test_what_counts_for_the_request_counts_for_its_work() -> None:
    token: ContextVar[str] = ContextVar("token", default="none")

    async def go() -> str:
        token.set("narrow")
        return await SlowWork("test").run(ANN, token.get)

    assert run(go()) == "narrow"
