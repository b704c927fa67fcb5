"""Functions that are called when this process has deleted events.

Deletions by other processes, as by the shell's commands, are in the `DeletionLog`.
"""

import logging
from collections.abc import Callable
from typing import TypeAlias

from backstage_py.analytics.store.deletions import Deletion

_logger = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[Deletion], None]

_listeners: list[Listener] = []


def on_deletion(listener: Listener) -> Callable[[], None]:
    """Call `listener` after each deletion of this process; returns a function that removes it.

    It is called in the thread that deletes, after the commit; its exceptions are logged.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def notify(deletion: Deletion) -> None:
    """Call the listeners."""
    for listener in tuple(_listeners):
        try:
            listener(deletion)
        except Exception:
            _logger.warning("A listener to deletions failed", exc_info=True)
