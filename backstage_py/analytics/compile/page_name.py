"""The readable name of a page: that of the function inside its decorators."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any


def page_name(page: Any) -> str | None:
    """The name of a page function, or None for a page that has none.

    A decorator like Reflex's templates returns its own function around the page's function. The
    page's function is the only one of them that is defined at the top of a module.
    """
    if not isinstance(page, FunctionType):
        return _identifier(getattr(page, "__name__", None))
    enclosed = {one for one in _enclosed(page, set()) if "<locals>" not in one.__qualname__}
    is_local = "<locals>" in page.__qualname__
    found = enclosed.pop() if is_local and len(enclosed) == 1 else page
    return _identifier(found.__name__)


def _identifier(name: Any) -> str | None:
    """The name, unless it is one like `<lambda>`."""
    return name if isinstance(name, str) and name.isidentifier() else None


def _enclosed(function: FunctionType, seen: set[int]) -> Iterator[FunctionType]:
    """The functions in a function's closure, recursively."""
    for cell in function.__closure__ or ():
        try:
            content = cell.cell_contents
        except ValueError:  # it is not filled yet
            continue
        if isinstance(content, FunctionType) and id(content) not in seen:
            seen.add(id(content))
            yield content
            yield from _enclosed(content, seen)
