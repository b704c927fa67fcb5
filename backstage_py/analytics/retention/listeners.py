"""Who is told at once when events are deleted in this process.

What other processes delete, as the shell's commands do, stands in the `DeletionLog`.
"""

import logging
from collections.abc import Callable
from typing import TypeAlias

from backstage_py.analytics.store.deletions import Deletion

_logger = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[Deletion], None]

_listeners: list[Listener] = []


def on_deletion(listener: Listener) -> Callable[[], None]:
    """Call `listener` after each deletion of this process; gives what takes it out again.

    It is called in the thread that deletes, after the commit; what it raises is logged.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(deletion: Deletion) -> None:
    """Tell the listeners."""
    for listener in tuple(_listeners):
        try:
            listener(deletion)
        except Exception:
            _logger.warning("A deletion was not taken notice of", exc_info=True)
