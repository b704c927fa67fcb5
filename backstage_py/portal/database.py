"""How every page reports that the database does not answer."""

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

_logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_Handler = TypeVar("_Handler", bound=Callable[..., Any])

NO_ANSWER = "The database is not responding. Try again in a moment."


def answer_of(read: Callable[[], _Result]) -> _Result | None:
    """Return the result of `read`; log and return None if the database does not answer."""
    try:
        return read()
    except SQLAlchemyError as error:
        _log(read, error)
        return None


def when_database_answers(handler: _Handler) -> _Handler:
    """Decorate an event handler to show a message if the database does not answer."""
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def handle_later(*arguments: Any, **named: Any) -> Any:
            try:
                return await handler(*arguments, **named)
            except SQLAlchemyError as error:
                return _say(handler, error)

        return handle_later  # pyright: ignore[reportReturnType]

    @functools.wraps(handler)
    def handle(*arguments: Any, **named: Any) -> Any:
        try:
            return handler(*arguments, **named)
        except SQLAlchemyError as error:
            return _say(handler, error)

    return handle  # pyright: ignore[reportReturnType]


def _say(handler: Callable[..., Any], error: SQLAlchemyError) -> Any:
    _log(handler, error)
    return rx.toast.error(NO_ANSWER)


def _log(asking: Callable[..., Any], error: SQLAlchemyError) -> None:
    name = getattr(asking, "__qualname__", type(asking).__name__)
    _logger.warning("The database did not answer %s: %s", name, error)
