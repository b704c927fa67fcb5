"""Separate threads for slow work: fetching addresses, rendering documents.

Everything else that blocks shares one small pool of threads, which slow hosts must not use up.
Nobody may use up this pool either: each person has a few threads, and their further work waits in a
queue of its own.
"""

import asyncio
import contextvars
import functools
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class TooBusyError(Exception):
    """A person has too much work waiting."""

    def __init__(self) -> None:
        super().__init__("Too many of your requests are waiting; try again when one has finished")


@dataclass(slots=True)
class _Line:
    """The queue of one person."""

    running: int = 0
    waiting: deque[tuple[Future[Any], Callable[[], Any]]] = field(
        default_factory=deque[tuple[Future[Any], Callable[[], Any]]]
    )


class SlowWork:
    """Threads for slow work, with a queue for each person; usable from any thread.

    Args:
        name: The name of the threads.
        threads: The number of threads.
        per_person: The maximum number of threads for one person.
        waiting: The maximum number of waiting calls of one person.
    """

    def __init__(
        self, name: str, *, threads: int = 4, per_person: int = 1, waiting: int = 8
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._per_person = per_person
        self._most_waiting = waiting
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    async def run(
        self,
        person: str,
        work: Callable[_Arguments, _Result],
        *args: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Result:
        """Run work for a person when it is their turn; returns its result.

        Args:
            person: An entity ref; all anonymous people count as one.
            work: The blocking function.
            args: Its arguments.
            options: Its keyword arguments.

        Raises:
            TooBusyError: If too much of their work is waiting.
        """
        context = contextvars.copy_context()
        job = functools.partial(context.run, functools.partial(work, *args, **options))
        future: Future[Any] = Future()
        with self._lock:
            line = self._lines.setdefault(person, _Line())
            if line.running >= self._per_person and len(line.waiting) >= self._most_waiting:
                raise TooBusyError
            line.waiting.append((future, job))
            self._start_next(person, line)
        return cast("_Result", await asyncio.wrap_future(future))

    def _start_next(self, person: str, line: _Line) -> None:
        """Start what may run; called with the lock held."""
        while line.waiting and line.running < self._per_person:
            line.running += 1
            self._pool.submit(self._do, person, *line.waiting.popleft())
        if not line.running and not line.waiting:
            self._lines.pop(person, None)

    def _do(self, person: str, future: Future[Any], job: Callable[[], Any]) -> None:
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(job())
            except BaseException as error:  # ruff: ignore[blind-except] the caller raises it
                future.set_exception(error)
        with self._lock:
            line = self._lines[person]
            line.running -= 1
            self._start_next(person, line)


fetching = SlowWork("slow-fetching")
"""For calls to other hosts."""
rendering = SlowWork("slow-rendering", per_person=2)
"""For rendering documents."""
