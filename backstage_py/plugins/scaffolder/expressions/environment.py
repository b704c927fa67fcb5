"""Jinja with the marks and the ways of Nunjucks, and nothing to reach but plain values.

From `SecureTemplater` of `@backstage/plugin-scaffolder-backend`: `${{` and `}}`, no escaping,
undefined values are empty. What differs is written in docs/software-templates.md.
"""

import operator
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from jinja2 import ChainableUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner

from backstage_py.plugins.scaffolder.expressions.filters import list_filters, write_json
from backstage_py.plugins.scaffolder.expressions.javascript import translate_operators
from backstage_py.plugins.scaffolder.expressions.members import MISSING, find_member

Newline = Literal["\n", "\r\n"]

MAX_REPETITION = 100_000
MAX_EXPONENT = 1_000
_GLOBALS = ("range", "cycler", "joiner")
_PAIRS = "pairs of a loop"


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Compiles and runs expressions and skeleton files."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self, *, trim_blocks: bool = False, lstrip_blocks: bool = False, newline: Newline = "\n"
    ) -> None:
        super().__init__(
            variable_start_string="${{",
            variable_end_string="}}",
            trim_blocks=trim_blocks,
            lstrip_blocks=lstrip_blocks,
            newline_sequence=newline,
            keep_trailing_newline=True,
            undefined=ChainableUndefined,
            finalize=write_text,
            autoescape=False,
        )
        self.filters = {**list_filters(), _PAIRS: _list_pairs}
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self.binop_table |= {"+": _add, "*": _multiply, "**": _raise, "%": _divide}

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Write JavaScript's operators in Jinja's words."""
        return translate_operators(super().preprocess(source, name, filename))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give a member of a value; of Jinja's own objects what templates are given them for."""
        if isinstance(obj, LoopContext | Cycler | Joiner):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give a member of a value, undefined where there is none."""
        found = find_member(obj, argument)
        return self.undefined(obj=obj, name=argument) if found is MISSING else found

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute, unless the result would be out of all proportion."""
        try:
            return super().call_binop(context, operator, left, right)
        except OverflowError as error:
            raise SecurityError("the result of a computation is too large") from error

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = _NunjucksParser(self, source, name, filename).parse()
        for loop in tree.find_all(nodes.For):
            if isinstance(loop.target, nodes.Tuple):
                loop.iter = nodes.Filter(loop.iter, _PAIRS, [], [], None, None)
        for pair in tree.find_all(nodes.Pair):
            if isinstance(pair.key, nodes.Name):
                pair.key = nodes.Const(pair.key.name)
        return tree


class _NunjucksParser(Parser):
    """Reads the mark that stands for `!`, which binds as tightly as JavaScript's."""

    def parse_unary(self, with_filter: bool = True) -> nodes.Expr:  # ruff: ignore[boolean-type-hint-positional-argument, boolean-default-value-positional-argument] Jinja's
        if self.stream.current.type != "tilde":
            return super().parse_unary(with_filter)
        line = next(self.stream).lineno
        return nodes.Not(self.parse_unary(with_filter=False), lineno=line)


def write_text(value: Any) -> str:
    """Write a value into a text as JavaScript does; an object as JSON."""
    if value is None or isinstance(value, Undefined):
        return ""
    if isinstance(value, bool | Mapping):
        return write_json(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(map(write_text, value))
    return str(value)


def _list_pairs(value: Any) -> Any:
    """Go through an object by its keys and values where a loop has two names, as Nunjucks does."""
    return list(value.items()) if isinstance(value, Mapping) else value


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return write_text(left) + write_text(right)
    return operator.add(left, right)


def _multiply(left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | list | tuple) and isinstance(times, int):
            _limit(len(sequence) * times, MAX_REPETITION)
    return operator.mul(left, right)


def _raise(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, int | float):
        _limit(abs(exponent), MAX_EXPONENT)
    return operator.pow(base, exponent)


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise SecurityError("a text cannot be formatted with %; write ${{ ... }} in it")
    return operator.mod(left, right)


def _limit(size: float, limit: int) -> None:
    if size > limit:
        raise SecurityError("the result of a computation is too large")
