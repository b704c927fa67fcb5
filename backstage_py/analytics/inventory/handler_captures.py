"""Finds the captures of Python event handlers by reading their source.

A handler is read together with the functions that it calls by name or on `self`, if they are in the
same package. An argument that is a plain value is followed into them. Other calls (through a table
of functions, inside a decorator) are not followed.
"""

import ast
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, TypeAlias

from backstage_py.analytics.inventory.browser_captures import Call
from backstage_py.analytics.inventory.capture import Kind, kind_of

CAPTURE_METHOD: Final = "capture_event"
DEPTH = 5
"""How many calls deep handlers are read."""

_RUN_TIME: Final = object()
"""A value that is only known at run time."""
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandlerCall:
    """A capture of a handler; `is_conditional`: not each time that the handler runs."""

    call: Call
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """A function that is being read: what is known of its arguments, and how it was reached."""

    function: FunctionType
    owner: type | None
    values: Values
    depth: int = 0
    is_conditional: bool = False


def find_handler_calls(
    function: Callable[..., Any], owner: type | None, values: Values
) -> list[HandlerCall]:
    """The captures of a handler, if its source can be read.

    Args:
        function: The handler's function.
        owner: The state that it belongs to.
        values: Its arguments that are plain values, by their names.
    """
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType) or not _captures(plain, owner, DEPTH):
        return []
    return list(_read(_Reading(plain, owner, values)))


def _read(reading: _Reading) -> Iterator[HandlerCall]:
    tree = _parse(reading.function)
    if tree is None:
        return
    reading = replace(reading, values={**reading.values, **_assigned(tree, reading.values)})
    for node, is_conditional in _calls_in(tree.body, is_conditional=reading.is_conditional):
        if _is_capture(node):
            for action in _alternatives(_argument(node, 0, "action"), reading.values):
                yield HandlerCall(_describe(node, action, reading.values), is_conditional)
        elif reading.depth < DEPTH:
            called = _called(node.func, reading)
            if called is not None and _captures(called, reading.owner, DEPTH - reading.depth):
                yield from _follow(called, node, replace(reading, is_conditional=is_conditional))
    if reading.depth < DEPTH:
        for handed_on in _handed_on(tree, reading):
            yield from _read(handed_on)


def _handed_on(tree: ast.AST, reading: _Reading) -> Iterator[_Reading]:
    """The state handlers that it returns, to be run after it: `return State.other`."""
    scope: Any = reading.function
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                state = scope.__globals__.get(name)
                handler = getattr(state, attr, None) if isinstance(state, type) else None
                function = _own_function(getattr(handler, "fn", None), reading.function)
                if function is not None and function is not reading.function:
                    yield _Reading(function, state, {}, reading.depth + 1, is_conditional=True)
            case _:
                pass


def _assigned(tree: ast.AST, values: Values) -> dict[str, Any]:
    """The values of local names; one that is assigned more than once is only known at run time."""
    known: dict[str, Any] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                known[name] = _RUN_TIME if name in known else _value(value, values)
            case ast.AugAssign(target=ast.Name(id=name)):
                known[name] = _RUN_TIME
            case _:
                pass
    return known


def _follow(called: FunctionType, node: ast.Call, reading: _Reading) -> Iterator[HandlerCall]:
    """Read a called function, once for each action that may be passed to it."""
    parameters = list(inspect.signature(called).parameters.values())
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        is_method = node.func.value.id in {"self", "cls"}
        parameters = parameters[1:] if is_method else parameters
    names = [one.name for one in parameters if one.kind is not inspect.Parameter.VAR_KEYWORD]
    rest = next((one.name for one in parameters if one.kind is inspect.Parameter.VAR_KEYWORD), None)
    values: dict[str, Any] = dict(
        zip(names, (_value(each, reading.values) for each in node.args), strict=False)
    )
    others = {each.arg: _value(each.value, reading.values) for each in node.keywords if each.arg}
    values |= {name: value for name, value in others.items() if name in names}
    if rest is not None:
        values[rest] = {name: value for name, value in others.items() if name not in names}
    for value in values.get(names[0], ()) if _has_alternatives(values, names) else (None,):
        given = values if value is None else {**values, names[0]: value}
        yield from _read(replace(reading, function=called, values=given, depth=reading.depth + 1))


def _has_alternatives(values: Values, names: Sequence[str]) -> bool:
    return bool(names) and isinstance(values.get(names[0]), _Alternatives)


class _Alternatives(tuple[str, ...]):
    """One of these texts, as `"star" if is_new else "unstar"`."""

    __slots__ = ()


def _describe(node: ast.Call, action: str | None, values: Values) -> Call:
    subject = _value(_argument(node, 1, "subject"), values)
    value = _argument(node, None, "value")
    attributes = _argument(node, None, "attributes")
    told = {} if attributes is None else _value(attributes, values)
    return Call(
        action=action,
        subject=subject if isinstance(subject, str) else None,
        has_value=value is not None and _value(value, values) is not None,
        attributes=_kinds(told) if isinstance(told, Mapping) else {},
        is_open=not isinstance(told, Mapping) and told is not None,
    )


def _kinds(told: Mapping[Any, Any]) -> dict[str, Kind]:
    return {str(key): kind_of(value) for key, value in told.items()}


def _value(node: ast.expr | None, values: Values) -> Any:
    """A plain value, a dict of what is known, alternatives, or `_RUN_TIME`."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values.get(name, _RUN_TIME)
        case ast.Dict(keys=keys, values=entries):
            known = [key.value for key in keys if isinstance(key, ast.Constant)]
            told = zip(known, (_value(each, values) for each in entries), strict=False)
            return dict(told) if len(known) == len(keys) else _RUN_TIME
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            return _value(first, values)
        case ast.IfExp(body=body, orelse=other):
            either = (_value(body, values), _value(other, values))
            is_known = all(isinstance(one, str) for one in either)
            return _Alternatives(either) if is_known else _RUN_TIME
        case _:
            return _RUN_TIME


def _alternatives(node: ast.expr | None, values: Values) -> tuple[str | None, ...]:
    value = _value(node, values)
    if isinstance(value, _Alternatives):
        return tuple(value)
    return (value if isinstance(value, str) else None,)


def _argument(node: ast.Call, place: int | None, name: str) -> ast.expr | None:
    if place is not None and len(node.args) > place:
        return node.args[place]
    return next((each.value for each in node.keywords if each.arg == name), None)


def _is_capture(node: ast.Call) -> bool:
    """`use_analytics().capture_event(action, subject)`; a backend's has one argument."""
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == CAPTURE_METHOD
        and _argument(node, 1, "subject") is not None
    )


_CONDITIONS = (ast.If, ast.IfExp, ast.Match, ast.For, ast.AsyncFor, ast.While, ast.Try)


def _calls_in(nodes: Sequence[ast.AST], *, is_conditional: bool) -> Iterator[tuple[ast.Call, bool]]:
    """The calls in the order of the source, and whether each is made only sometimes."""
    for node in nodes:
        inside = is_conditional or isinstance(node, _CONDITIONS)
        yield from _calls_in(list(ast.iter_child_nodes(node)), is_conditional=inside)
        if isinstance(node, ast.Call):
            yield node, is_conditional


def _called(func: ast.expr, reading: _Reading) -> FunctionType | None:
    """The function that is called, if it is of the same package."""
    caller: Any = reading.function
    scope = caller.__globals__
    match func:
        case ast.Name(id=name):
            return _own_function(scope.get(name), caller)
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            return _own_function(_member(reading.owner, name), caller)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            found = scope.get(module)
            member = getattr(found, name, None) if isinstance(found, ModuleType) else None
            return _own_function(member, caller)
        case _:
            return None


def _member(owner: Any, name: str) -> Any:
    found = getattr(owner, name, None) if owner is not None else None
    return getattr(found, "fn", found)


def _own_function(found: Any, caller: Any) -> FunctionType | None:
    plain = inspect.unwrap(found) if callable(found) and not isinstance(found, type) else None
    if not isinstance(plain, FunctionType):
        return None
    root = caller.__module__.partition(".")[0]
    return plain if plain.__module__.partition(".")[0] == root else None


@functools.lru_cache(maxsize=10_000)
def _captures(function: FunctionType, owner: type | None, depth: int) -> bool:
    """Whether it or a function it calls may capture, judged by the names in its code."""
    names = _names(function.__code__)
    if CAPTURE_METHOD in names:
        return True
    if depth == 0:
        return False
    for name in names:
        for found in (function.__globals__.get(name), _member(owner, name)):
            called = _own_function(found, function)
            if called is None or called is function:
                continue
            if _captures(called, owner, depth - 1):
                return True
    return any(_member_captures(function, name, other, depth) for name in names for other in names)


def _member_captures(function: FunctionType, name: str, other: str, depth: int) -> bool:
    """Whether `name.other` may capture: a function of a module, or a handler of a state."""
    found = function.__globals__.get(name)
    if not isinstance(found, ModuleType | type) or found.__name__ in sys.stdlib_module_names:
        return False
    called = _own_function(_member(found, other), function)
    owner = found if isinstance(found, type) else None
    return called not in {None, function} and _captures(called, owner, depth - 1)


def _names(code: CodeType) -> set[str]:
    """The names that a function and those inside it use."""
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*map(_names, inner))


@functools.cache
def _parse(function: FunctionType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    first = tree.body[0]
    return first if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef) else None
