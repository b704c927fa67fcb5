"""Runs actions that may be refused, for the states of forms."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.scaffolder.errors import ScaffolderError
from backstage_py.portal.slow_work import TooBusyError, fetching

_logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")


async def attempt(
    act: Callable[[], _Result], *, slow_for: str | None = None
) -> tuple[_Result | None, Exception | None]:
    """Return the result of `act`, or why it failed; `slow_for` is the user of slow work."""
    try:
        if slow_for is not None:
            return await fetching.run(slow_for, act), None
        return await asyncio.to_thread(act), None
    except (ScaffolderError, TooBusyError) as error:
        return None, error
    except SQLAlchemyError as error:
        _logger.warning("Nothing is run: %s", error)
        return None, error
