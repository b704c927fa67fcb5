"""Rendering the strings of templates; pure, in this process and without a bound on time."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateExpression

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.environment import TemplateEnvironment
from backstage_py.plugins.scaffolder.expressions.members import MISSING

MAX_CHARACTERS = 10 * 1024 * 1024
"""Of a template and of what is made of it."""
MAX_DEPTH = 100
_SHOWN_CHARACTERS = 80

_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)


class Renderer(Protocol):
    """What renders the values of steps and the files of skeletons."""

    def render(self, value: Any, context: Mapping[str, Any]) -> Any:
        """Render all strings of a value; MISSING if nothing is left of it.

        A string that is exactly one expression becomes the expression's value, whatever its type.
        Keys of objects whose value is undefined or empty are dropped.

        Raises:
            ExpressionError: A string cannot be rendered.
        """
        ...

    def render_file(
        self,
        text: str,
        context: Mapping[str, Any],
        *,
        trim_blocks: bool = False,
        lstrip_blocks: bool = False,
    ) -> str:
        """Render the text of a file, or a path.

        Raises:
            ExpressionError: It cannot be rendered.
        """
        ...


class DirectRenderer:
    """Renders here and now. Source: `NunjucksWorkflowRunner.render` of Backstage's scaffolder."""

    def __init__(self) -> None:
        self._environment = TemplateEnvironment()

    def render(self, value: Any, context: Mapping[str, Any]) -> Any:
        """Render all strings of a value; MISSING if nothing is left of it."""
        return self._render(value, context, MAX_DEPTH)

    def render_file(
        self,
        text: str,
        context: Mapping[str, Any],
        *,
        trim_blocks: bool = False,
        lstrip_blocks: bool = False,
    ) -> str:
        """Render the text of a file, or a path; its line ends stay."""
        environment = TemplateEnvironment(
            trim_blocks=trim_blocks,
            lstrip_blocks=lstrip_blocks,
            newline="\r\n" if "\r\n" in text else "\n",
        )
        return _write(environment, _parse(environment, text), text, context)

    def _render(self, value: Any, context: Mapping[str, Any], depth: int) -> Any:
        if depth == 0:
            raise ExpressionError(f"a value is nested more than {MAX_DEPTH} levels deep")
        if isinstance(value, str):
            return self._render_text(value, context)
        if isinstance(value, Mapping):
            items = ((key, self._render(one, context, depth - 1)) for key, one in value.items())
            return {key: one for key, one in items if one is not MISSING}
        if isinstance(value, list | tuple):
            rendered = (self._render(one, context, depth - 1) for one in value)
            return [None if one is MISSING else one for one in rendered]
        return value

    def _render_text(self, text: str, context: Mapping[str, Any]) -> Any:
        if "${{" not in text and "{%" not in text and "{#" not in text:
            return text or MISSING
        tree = _parse(self._environment, text)
        expression = _find_only_expression(tree)
        if expression is not None:
            return _evaluate(self._environment, expression, text, context)
        return _write(self._environment, tree, text, context) or MISSING


def _parse(environment: TemplateEnvironment, text: str) -> nodes.Template:
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"a text to render has more than {MAX_CHARACTERS} characters")
    try:
        return environment.parse(text)
    except TemplateSyntaxError as error:
        raise ExpressionError(f"{_show(text)}: line {error.lineno}: {error.message}") from None
    except RecursionError:
        raise ExpressionError(f"{_show(text)} is nested too deeply") from None


def _find_only_expression(tree: nodes.Template) -> nodes.Expr | None:
    match tree.body:
        case [nodes.Output(nodes=[one])] if not isinstance(one, nodes.TemplateData):
            return one
        case _:
            return None


def _evaluate(
    environment: TemplateEnvironment,
    expression: nodes.Expr,
    text: str,
    context: Mapping[str, Any],
) -> Any:
    body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), expression, lineno=1)]
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(environment)
    try:
        template = environment.from_string(tree)
        value = TemplateExpression(template, undefined_to_none=False)(context)
        return MISSING if isinstance(value, Undefined) else _to_plain(value, MAX_DEPTH)
    except (*_FAILURES, RecursionError) as error:
        raise ExpressionError(f"{_show(text)}: {_explain(error)}") from None


def _write(
    environment: TemplateEnvironment, tree: nodes.Template, text: str, context: Mapping[str, Any]
) -> str:
    parts: list[str] = []
    characters = 0
    try:
        for part in environment.from_string(tree).generate(context):
            characters += len(part)
            if characters > MAX_CHARACTERS:
                break
            parts.append(part)
    except (*_FAILURES, RecursionError) as error:
        raise ExpressionError(f"{_show(text)}: {_explain(error)}") from None
    if characters > MAX_CHARACTERS:
        raise ExpressionError(f"{_show(text)} gives more than {MAX_CHARACTERS} characters")
    return "".join(parts)


def _to_plain(value: Any, depth: int) -> Any:
    """Give a value as JSON can hold it.

    Raises:
        ExpressionError: It is a function or the like.
    """
    if depth == 0:
        raise ExpressionError(f"a value is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _to_plain(one, depth - 1) for key, one in value.items()}
    if isinstance(value, Undefined):
        return None
    if isinstance(value, Iterable):
        return [_to_plain(one, depth - 1) for one in value]
    raise ExpressionError("the expression gives no value that JSON can hold")


def _explain(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself too often"
    return str(error) or type(error).__name__


def _show(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[: _SHOWN_CHARACTERS - 1]}…"
