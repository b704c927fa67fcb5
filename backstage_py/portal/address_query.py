"""The query of a page's address as a dataclass: each field is a parameter.

The parameters are those of Backstage's pages (`filters[kind]`, `filters[user]`, `limit`, `offset`).
A link can be shared; invalid values in it are ignored.
"""

from collections.abc import Callable, Collection
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qs, urlencode

UserList = Literal["owned", "starred", "all"]

_DIGITS = 9


def parameter(
    name: str,
    default: Any = "",
    *,
    read: Callable[[str], Any] = str,
    write: Callable[[Any], str] = str,
    always: bool = False,
) -> Any:
    """Declare a field of an `AddressQuery`.

    Args:
        name: The parameter's name in the address.
        default: The value if the address lacks it; a tuple allows several values.
        read: Turns the text into a value; raises ValueError if it is invalid.
        write: Turns a value into its text.
        always: Whether the default is written too.
    """
    is_many = type(default) is tuple
    metadata = {"name": name, "read": read, "write": write, "always": always, "is_many": is_many}
    return field(default=default, metadata=metadata)


def one_of(*allowed: Any, read: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """Return a reader that accepts only the allowed values."""

    def read_one(text: str) -> Any:
        value = read(text)
        if value not in allowed:
            raise ValueError(f"is {text!r}: use one of {', '.join(map(str, allowed))}")
        return value

    return read_one


def whole(text: str) -> int:
    """Read a whole number from 0 to 999,999,999.

    Raises:
        ValueError: If it is not one.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise ValueError(f"is {text!r}: use a whole number with at most {_DIGITS} digits")
    return int(text)


def user_list(*, always: bool = False) -> Any:
    """Declare the field for whose entities are listed."""
    return parameter("filters[user]", "all", read=one_of(*get_args(UserList)), always=always)


@dataclass(frozen=True, slots=True)
class AddressQuery:
    """The filters and the page of a list; subclasses declare their fields by `parameter`."""

    @classmethod
    def from_address(cls, query: str) -> Self:
        """Read the query of an address, with or without its question mark."""
        values = parse_qs(query.lstrip("?"))
        return cls(
            **{
                each.name: _read(each, values.get(each.metadata["name"], ()))
                for each in fields(cls)
            }
        )

    def to_address(self) -> str:
        """Write the query of an address."""
        pairs = [
            (each.metadata["name"], each.metadata["write"](value))
            for each in fields(self)
            for value in _list_written(each, getattr(self, each.name))
        ]
        return urlencode(pairs, safe="[]:/")

    def cleared(self) -> Self:
        """Return the query with all fields at their defaults."""
        return self.__class__()  # Reflex wraps it in a proxy of another type

    def first_page(self) -> Self:
        """The same query, at its first page."""
        has_offset = any(each.name == "offset" for each in fields(self))
        return replace(self, **({"offset": 0} if has_offset else {}))

    def taking(self, name: str, text: str) -> Self:
        """Return the query with another value of a field; unchanged if the value is invalid."""
        declared = next(each for each in fields(self) if each.name == name)
        values = _list_right(declared.metadata["read"], (text,))
        return replace(self, **{name: values[0]}) if values else self

    def toggled(self, name: str, value: str) -> Self | None:
        """Select a value of a field, or deselect it; None if no such field takes several values."""
        if name not in {each.name for each in fields(self) if each.metadata["is_many"]}:
            return None
        chosen: tuple[str, ...] = getattr(self, name)
        kept = tuple(one for one in chosen if one.casefold() != value.casefold())
        return replace(self, **{name: kept if len(kept) < len(chosen) else (*chosen, value)})


def _read(declared: Field[Any], texts: Collection[str]) -> Any:
    values = dict.fromkeys(_list_right(declared.metadata["read"], texts))
    if declared.metadata["is_many"]:
        return tuple(values)
    return list(values)[-1] if values else declared.default


def _list_right(read: Callable[[str], Any], texts: Collection[str]) -> list[Any]:
    values = []
    for text in texts:
        try:
            values.append(read(text))
        except ValueError:
            continue
    return values


def _list_written(declared: Field[Any], value: Any) -> Collection[Any]:
    if declared.metadata["is_many"]:
        return value
    return (value,) if declared.metadata["always"] or value != declared.default else ()
