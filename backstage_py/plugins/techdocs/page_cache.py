"""A cache with a maximum weight."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Caches values by key; the least recently used go first."""

    def __init__(self, limit: int) -> None:
        """Set up.

        Args:
            limit: The maximum weight of all values together.
        """
        self._limit = limit
        self._weight = 0
        self._values: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str) -> Value | None:
        """The value of a key, or None if it is not cached."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: str, value: Value, weight: int) -> None:
        """Keep a value; one that is heavier than the limit is not kept."""
        with self._lock:
            self._drop(key)
            if weight > self._limit:
                return
            self._values[key] = value, weight
            self._weight += weight
            while self._weight > self._limit:
                self._drop(next(iter(self._values)))

    @property
    def weight(self) -> int:
        """The weight of all values."""
        return self._weight

    def _drop(self, key: str) -> None:
        dropped = self._values.pop(key, None)
        if dropped is not None:
            self._weight -= dropped[1]
