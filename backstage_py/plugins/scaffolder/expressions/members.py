"""What may be asked of a value with a dot or in brackets: keys, items, and JavaScript's members.

Expressions see nothing else, so that no attribute of a Python object can be reached at all.
"""

from collections.abc import Callable, Mapping
from typing import Any

MISSING = object()
"""What a value does not have."""

_TEXT: dict[str, Callable[[str], Any]] = {
    "length": len,
    "toUpperCase": lambda text: text.upper,
    "toLowerCase": lambda text: text.lower,
    "trim": lambda text: text.strip,
    "split": lambda text: lambda mark: text.split(mark) if mark else list(text),
    "includes": lambda text: lambda part: part in text,
    "startsWith": lambda text: text.startswith,
    "endsWith": lambda text: text.endswith,
    "indexOf": lambda text: text.find,
    "replace": lambda text: lambda old, new: text.replace(old, new, 1),
    "replaceAll": lambda text: text.replace,
    "slice": lambda text: lambda start, end=None: text[start:end],
    "substring": lambda text: lambda start, end=None: text[start:end],
}
_LIST: dict[str, Callable[[list[Any]], Any]] = {
    "length": len,
    "join": lambda items: lambda mark=",": mark.join(map(str, items)),
    "includes": lambda items: lambda item: item in items,
    "indexOf": lambda items: lambda item: items.index(item) if item in items else -1,
    "slice": lambda items: lambda start, end=None: items[start:end],
    "concat": lambda items: lambda others: items + others,
}


def find_member(value: Any, key: Any) -> Any:
    """Give a member of a value, or MISSING."""
    if isinstance(value, Mapping):
        return value.get(key, MISSING) if isinstance(key, str | int) else MISSING
    if isinstance(value, str | list | tuple):
        return _find_in_sequence(value, key)
    return MISSING


def _find_in_sequence(value: str | list[Any] | tuple[Any, ...], key: Any) -> Any:
    if isinstance(key, int | slice):
        try:
            return value[key]
        except (IndexError, ValueError):
            return MISSING
    if isinstance(value, str):
        member = _TEXT.get(key)
        return MISSING if member is None else member(str(value))
    member = _LIST.get(key)
    return MISSING if member is None else member(list(value))
