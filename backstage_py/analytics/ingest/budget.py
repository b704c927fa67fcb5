"""What may wait in memory at once, so that a flood is refused and not piled up."""

import threading


class ByteBudget:
    """Counts bytes in and out, of each sender and of all, from any thread.

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
        """Hold this many more; False, and nothing is held, if that is over a limit."""
        with self._lock:
            own = self._of_senders.get(sender, 0) + count
            if self.held + count > self._limit or own > self._share:
                return False
            self.held += count
            self._of_senders[sender] = own
            return True

    def give_back(self, count: int, sender: str = "") -> None:
        """Hold this many less."""
        with self._lock:
            self.held -= count
            own = self._of_senders.get(sender, 0) - count
            if own > 0:
                self._of_senders[sender] = own
            else:
                self._of_senders.pop(sender, None)
