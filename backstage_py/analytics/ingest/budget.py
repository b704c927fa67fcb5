"""What may wait in memory at once, so that a flood is turned away and not piled up."""

import threading


class ByteBudget:
    """Counts bytes in and out, from any thread.

    Args:
        limit: How many may be held at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self.held = 0

    def take(self, count: int) -> bool:
        """Hold this many more; False, and nothing is held, if that exceeds the limit."""
        with self._lock:
            if self.held + count > self._limit:
                return False
            self.held += count
            return True

    def give_back(self, count: int) -> None:
        """Hold this many less."""
        with self._lock:
            self.held -= count
