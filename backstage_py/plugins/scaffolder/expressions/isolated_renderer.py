"""Renders in a separate process, which is ended when it takes too long.

Anyone with write access to a repository can write a template: its expressions must not stop the
portal, so they run where both time and memory are bounded.
"""

import json
import os
import selectors
import subprocess  # ruff: ignore[suspicious-subprocess-import] our own Python
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import backstage_py
from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions import render_process
from backstage_py.plugins.scaffolder.expressions.renderer import AskingRenderer

SECONDS = 20.0
"""The time limit for one text or value, even on a busy machine."""
START_SECONDS = 120.0
"""How long the process may take to be ready."""
MAX_ANSWER_BYTES = 64 * 1024 * 1024

_ROOT = Path(backstage_py.__file__).parent.parent
_CHUNK = 1 << 16


class IsolatedRenderer(AskingRenderer):
    """A `Renderer` that starts its process at first use, and again after it was ended.

    Close it after use, preferably as a context manager; usable from any thread.
    """

    def __init__(self, extensions: Sequence[str] = (), *, seconds: float = SECONDS) -> None:
        """Prepare it; nothing is started yet.

        Args:
            extensions: JavaScript sources of further filters and globals.
            seconds: How long one value or file may take.
        """
        super().__init__(self._answer)
        self._extensions = list(extensions)
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._asking:
            self._end()

    def _answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        line = json.dumps(request).encode() + b"\n"
        with self._asking:
            try:
                answer = json.loads(self._exchange(line))
            except (OSError, ValueError) as error:
                self._end()
                raise ExpressionError(f"an expression cannot be rendered: {error}") from error
            except BaseException:
                self._end()
                raise
        if "error" in answer:
            raise ExpressionError(answer["error"])
        return answer

    def _exchange(self, line: bytes) -> bytes:
        process = self._process or self._start()
        return _talk(process, line, self._seconds)

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # ruff: ignore[subprocess-without-shell-equals-true] no shell
            [sys.executable, "-m", render_process.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
            cwd="/",
        )
        ready = json.loads(_talk(self._process, self._first_line(), START_SECONDS))
        if "error" in ready:
            raise ExpressionError(f"an extension of the expressions is wrong: {ready['error']}")
        return self._process

    def _first_line(self) -> bytes:
        return json.dumps(self._extensions).encode() + b"\n"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with process:
                process.kill()


def _talk(process: subprocess.Popen[bytes], line: bytes, seconds: float) -> bytes:
    """Write a line, and return the answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    source, target = process.stdout.fileno(), process.stdin.fileno()
    os.set_blocking(target, False)
    until = time.monotonic() + seconds
    waiting, answer = memoryview(line), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        if waiting:
            selector.register(target, selectors.EVENT_WRITE)
        while not answer.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0:
                raise ExpressionError(f"an expression takes longer than {seconds:g} seconds")
            for key, _ in selector.select(left):
                if key.fd == source:
                    answer += _read(source)
                    continue
                waiting = waiting[os.write(target, waiting[:_CHUNK]) :]
                if not waiting:
                    selector.unregister(target)
            if len(answer) > MAX_ANSWER_BYTES:
                raise ExpressionError("an expression gives too large a result")
    return bytes(answer)


def _read(source: int) -> bytes:
    data = os.read(source, _CHUNK)
    if not data:
        raise ExpressionError("an expression takes too much memory or time")
    return data
