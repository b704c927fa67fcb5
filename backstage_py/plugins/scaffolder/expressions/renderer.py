"""Renders the strings of templates with Backstage's own engine, in V8.

The engine is `nunjitsu`, an interpreter that generates no code; the folder of that name contains
the npm package. V8 gives it neither files nor a network, and limits its memory; for a time limit,
render in a process (`isolated_renderer`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self

from py_mini_racer import JSEvalException, MiniRacer

from backstage_py.plugins.scaffolder.errors import ExpressionError

MISSING: Final = object()
"""The result for a value that renders to nothing."""
MAX_CHARACTERS = 10 * 1024 * 1024
"""The maximum length of a template and of its result."""
MAX_MEMORY_BYTES = 512 * 1024 * 1024
"""The maximum size of V8's heap."""

_FOLDER = Path(__file__).parent
_LIMITS = {"sourceCodeUnits": MAX_CHARACTERS, "outputCodeUnits": MAX_CHARACTERS}

OnProblem = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FileOptions:
    """The options for a file of a skeleton, like `fetch:template`'s inputs.

    With `cookiecutter_compat` variables are between `{{` and `}}`.
    """

    trim_blocks: bool = False
    lstrip_blocks: bool = False
    cookiecutter_compat: bool = False

    def to_wire(self) -> dict[str, bool]:
        """The options with the engine's names."""
        return {
            "trimBlocks": self.trim_blocks,
            "lstripBlocks": self.lstrip_blocks,
            "cookiecutterCompat": self.cookiecutter_compat,
        }


DEFAULT_OPTIONS = FileOptions()


@dataclass(frozen=True, slots=True)
class Condition:
    """The result of a condition, and whether it used `always()` or `failure()`."""

    value: Any
    is_status_asked: bool


class Renderer(Protocol):
    """Renders the values of steps and the files of skeletons."""

    def render(
        self, value: Any, context: Mapping[str, Any], on_problem: OnProblem | None = None
    ) -> Any:
        """Render all strings of a value; MISSING if nothing is left of it.

        A string that is one expression or one block becomes its value, of any type. Values that
        render to nothing are dropped from objects and null in lists. A string that cannot be
        rendered stays unchanged, and `on_problem` is called with the reason.

        Raises:
            ExpressionError: If the value as a whole takes too much time or memory.
        """
        ...

    def render_condition(
        self, condition: Any, context: Mapping[str, Any], *, failed: bool
    ) -> Condition:
        """Render the `if` of a step, which may use `always()` and `failure()`.

        Args:
            condition: The condition as written.
            context: The values for expressions.
            failed: Whether a step before this one failed.

        Raises:
            ExpressionError: If it takes too much time or memory.
        """
        ...

    def render_file(
        self, text: str, context: Mapping[str, Any], options: FileOptions = DEFAULT_OPTIONS
    ) -> str:
        """Render the text of a file, or a path; its line ends stay.

        Raises:
            ExpressionError: If it cannot be rendered.
        """
        ...


class AskingRenderer:
    """A `Renderer` on top of a function that answers a request of `engine.js`."""

    def __init__(self, ask: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        self._ask = ask

    def render(
        self, value: Any, context: Mapping[str, Any], on_problem: OnProblem | None = None
    ) -> Any:
        """Render all strings of a value; MISSING if nothing is left of it."""
        answer = self._ask({"value": value, "context": context})
        if on_problem:
            for problem in answer["problems"]:
                on_problem(problem)
        return answer.get("value", MISSING)

    def render_condition(
        self, condition: Any, context: Mapping[str, Any], *, failed: bool
    ) -> Condition:
        """Render the `if` of a step."""
        answer = self._ask({"value": condition, "context": context, "failed": failed})
        return Condition(answer.get("value", MISSING), answer["isStatusAsked"])

    def render_file(
        self, text: str, context: Mapping[str, Any], options: FileOptions = DEFAULT_OPTIONS
    ) -> str:
        """Render the text of a file, or a path."""
        answer = self._ask({"text": text, "context": context, "options": options.to_wire()})
        return answer["value"]


class DirectRenderer(AskingRenderer):
    """Renders in this process, without a time limit, until it is closed.

    Close it, or use it as a context manager: an engine that the garbage collector frees, in
    whatever thread that runs, can take the process with it.
    """

    def __init__(self, extensions: Sequence[str] = ()) -> None:
        """Load the engine.

        Args:
            extensions: JavaScript sources that give `({filters: {...}, globals: {...}})`.

        Raises:
            ExpressionError: If a source does not have that form.
        """
        super().__init__(self.answer)
        self._v8 = MiniRacer()
        self._v8.set_hard_memory_limit(MAX_MEMORY_BYTES)
        given = (_read("nunjitsu/index.cjs"), [_read("filters.js"), *extensions], _LIMITS)
        try:
            self._evaluate(_read("engine.js"))
            self._evaluate(f"const answer = createAnswer({', '.join(map(json.dumps, given))})")
        except ExpressionError:
            self.close()
            raise

    def close(self) -> None:
        """Free the engine; nothing can be rendered any more."""
        self._v8.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a request of `engine.js`.

        Raises:
            ExpressionError: If it cannot be rendered within the limits.
        """
        text = json.dumps(json.dumps(request, allow_nan=False))
        answer = json.loads(self._evaluate(f"answer({text})"))
        if "error" in answer:
            raise ExpressionError(answer["error"])
        return answer

    def _evaluate(self, code: str) -> Any:
        try:
            return self._v8.eval(code)
        except JSEvalException as error:
            raise ExpressionError(str(error).strip().partition("\n")[0]) from error


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
