"""Limits what waits in memory, so that a flood is refused instead of piling up."""

import threading


class ByteBudget:
    """Counts the bytes held for each sender and in total; usable from any thread.

    Args:
        limit: How many bytes may be held at once.
        share: How many of them for one sender, so that no one can use up the others' room.
    """

    def __init__(self, limit: int, share: int | None = None) -> None:
        self._limit = limit
        self._share = limit if share is None else share
        self._lock = threading.Lock()
        self._of_senders: dict[str, int] = {}
        self.held = 0

    def take(self, count: int, sender: str = "") -> bool:
        """Hold this many more bytes; False, holding none of them, if that is over a limit."""
        with self._lock:
            own = self._of_senders.get(sender, 0) + count
            if self.held + count > self._limit or own > self._share:
                return False
            self.held += count
            self._of_senders[sender] = own
            return True

    def give_back(self, count: int, sender: str = "") -> None:
        """Release this many bytes."""
        with self._lock:
            self.held -= count
            own = self._of_senders.get(sender, 0) - count
            if own > 0:
                self._of_senders[sender] = own
            else:
                self._of_senders.pop(sender, None)
