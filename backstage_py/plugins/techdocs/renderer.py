"""Renders Markdown in processes that are ended when they take too long."""

import html
import json
import logging
import os
import select
import subprocess  # ruff: ignore[suspicious-subprocess-import] Python in a process of its own
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any

from backstage_py.plugins.techdocs.markdown_extensions import Extensions
from backstage_py.plugins.techdocs.relative_links import FindSize, Resolve, resolve_marked

_logger = logging.getLogger(__name__)

SECONDS = 10.0
MAX_CHARACTERS = 1_000_000
PROCESSES = 3
"""The number of processes: one more than a person may keep busy, see `portal.slow_work`."""
_COMMAND = (sys.executable, "-m", "backstage_py.plugins.techdocs.render_process")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page; `id` is the fragment of its address."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class RenderedMarkdown:
    """Clean HTML, and the headings. `problem` says why it is only the source."""

    html: str
    headings: tuple[Heading, ...] = ()
    problem: str = ""


class _RenderProcess:
    """One process, started when it is first needed; used by one thread at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any] | None:
        process = self._start()
        source, sink = process.stdout, process.stdin
        assert source is not None
        assert sink is not None
        try:
            sink.write(json.dumps(question).encode() + b"\n")
            sink.flush()
            line = _read_line(source, self._seconds)
        except OSError as error:
            _logger.warning("The process that renders Markdown is gone: %s", error)
            line = b""
        if not line:
            self.stop()
            return None
        return json.loads(line)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            self._process = subprocess.Popen(  # ruff: ignore[subprocess-without-shell-equals-true] no shell
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,
            )
        return self._process

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Renderer:
    """A few processes, so that a page that takes long doesn't delay those of others."""

    def __init__(
        self,
        *,
        iframe_hosts: Sequence[str] = (),
        plantuml_server: str = "",
        seconds: float = SECONDS,
        processes: int = PROCESSES,
    ) -> None:
        """Set up.

        Args:
            iframe_hosts: The hosts that pages may show frames of.
            plantuml_server: The address of the server that draws PlantUML.
            seconds: How long rendering a page may take.
            processes: The maximum number of pages rendered at once.
        """
        self._rules = {"iframeHosts": list(iframe_hosts), "plantumlServer": plantuml_server}
        self._seconds = seconds
        self._processes = [_RenderProcess(seconds) for _ in range(processes)]
        self._free: LifoQueue[_RenderProcess] = LifoQueue()
        for process in self._processes:
            self._free.put(process)

    def render(
        self,
        text: str,
        *,
        link: Resolve,
        file: Resolve,
        size: FindSize = lambda _src: None,
        extensions: Extensions = (),
    ) -> RenderedMarkdown:
        """Turn a page into HTML; one that is too large or takes too long stays Markdown.

        Args:
            text: The Markdown.
            link: Returns the address in the portal for a relative link, or None to drop it.
            file: The same for an image or another file.
            size: Returns the size of an image whose authors have not written it.
            extensions: Those that the site switches on, with their options.
        """
        if len(text) > MAX_CHARACTERS:
            shown = text[:MAX_CHARACTERS]
            return _show_source(shown, f"it is larger than {MAX_CHARACTERS} characters")
        mark = f"{uuid.uuid4().hex}/"
        question = {"text": text, "mark": mark, "extensions": extensions, **self._rules}
        process = self._free.get()
        try:
            answer = process.ask(question)
        finally:
            self._free.put(process)
        if answer is None:
            return _show_source(
                text, f"rendering takes longer than {self._seconds:g} seconds, or too much memory"
            )
        if "error" in answer:
            return _show_source(text, f"it is nested too deep or broken ({answer['error']})")
        html_ = resolve_marked(answer["html"], mark, link=link, file=file, size=size)
        return RenderedMarkdown(html_, tuple(Heading(**one) for one in answer["toc"]))

    def close(self) -> None:
        """End the processes."""
        for _ in self._processes:
            process = self._free.get()
            process.stop()
        for process in self._processes:
            self._free.put(process)


_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV")


def _environment() -> dict[str, str]:
    """The environment in which the process finds this package, without the portal's secrets.

    A process that renders other people's texts inherits only the variables Python needs.
    """
    paths = (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", ""))
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _read_line(source: IO[bytes], seconds: float) -> bytes:
    """The next line, empty if none arrives in time."""
    ready, _, _ = select.select([source], [], [], seconds)
    return source.readline() if ready else b""


def _show_source(text: str, problem: str) -> RenderedMarkdown:
    return RenderedMarkdown(f"<pre><code>{html.escape(text)}</code></pre>", problem=problem)
