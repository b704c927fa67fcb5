"""Finds a component's captures in the browser, in the Vars of its triggers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from reflex_base.components.component import BaseComponent, Component
from reflex_base.vars.base import LiteralVar, Var
from reflex_base.vars.function import VarOperationCall
from reflex_components_core.base.bare import Bare

from backstage_py.analytics.capture.tracker import TRACKER_NAME
from backstage_py.analytics.inventory.capture import Kind, kind_of

CAPTURE_CALL = f"{TRACKER_NAME}.captureEvent"


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a tracker call; None means known only at run time."""

    action: str | None
    subject: str | None
    has_value: bool = False
    attributes: Mapping[str, Kind] = field(default_factory=dict)
    is_open: bool = False


def find_calls(value: Any) -> Iterator[Call]:
    """The calls of the tracker in a Var, however deep."""
    if isinstance(value, VarOperationCall) and str(value._func) == CAPTURE_CALL:
        yield _read_call(*value._args)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from find_calls(each)
    elif isinstance(value, Var) and is_dataclass(value):
        for each in fields(value):
            if each.name not in {"_js_expr", "_var_type", "_var_data"}:
                yield from find_calls(getattr(value, each.name, None))


def describe_call(action: Any, subject: Any, value: Any, attributes: Any) -> Call:
    """The values of a capture's arguments."""
    given = literal_of(attributes)
    is_known = isinstance(given, Mapping)
    return Call(
        action=_text(action),
        subject=_text(subject),
        has_value=value is not None,
        attributes={str(key): value_kind(each) for key, each in given.items()} if is_known else {},
        is_open=attributes is not None and not is_known,
    )


def literal_of(value: Any) -> Any:
    """A plain value, or that of a Var which is one; None if it is only known at run time."""
    if isinstance(value, Var):
        return getattr(value, "_var_value", None) if isinstance(value, LiteralVar) else None
    return value


def value_kind(value: Any) -> Kind:
    """The kind of a value, or of the type that a Var declares."""
    if not isinstance(value, Var):
        return kind_of(value)
    literal = literal_of(value)
    if literal is not None:
        return kind_of(literal)
    type_ = value._var_type
    if type_ is bool:
        return "boolean"
    if type_ is str:
        return "string"
    return "number" if type_ in {int, float} else "any"


def text_of(component: BaseComponent, separator: str = " ") -> str | None:
    """The text of a link (`subject.js`), or None if it is only known at run time."""
    if isinstance(component, Bare):
        return _text(component.contents)
    if not _is_plain(component):
        return None
    return children_text(component, separator)


def children_text(component: BaseComponent, separator: str = " ") -> str | None:
    """The text of its children: a list is joined and trimmed at every level."""
    texts = [text_of(child, separator) for child in component.children]
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        return None
    return known[0] if len(known) == 1 else separator.join(known).strip()


def _is_plain(component: BaseComponent) -> bool:
    """Whether its children are always present; those of conditions, loops and memos are not."""
    return isinstance(component, Component) and type(component).__name__ not in {
        "Cond", "Match", "Foreach",
    } and not type(component).__name__.startswith("MemoComponent")  # fmt: skip


def _read_call(action: Any, subject: Any, details: Any = None) -> Call:
    told = literal_of(details) if details is not None else {}
    if not isinstance(told, Mapping):
        return Call(_text(action), _text(subject), is_open=True)
    return describe_call(action, subject, told.get("value"), told.get("attributes"))


def _text(value: Any) -> str | None:
    literal = literal_of(value)
    return literal if isinstance(literal, str) else None
