"""Stores a sample history, and deletes it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from backstage_py.analytics import RecordedEvent, sample_session

BLOCK_EVENTS = 5_000


class SampleStore(Protocol):
    """The part of the store that this needs."""

    def append(self, events: Sequence[RecordedEvent]) -> object:
        """Store events."""
        ...

    def has_sessions(self, prefix: str) -> bool:
        """Whether there is a session with this prefix."""
        ...

    def delete_sessions(self, prefix: str) -> int:
        """Delete the events of sessions with this prefix; returns their number."""
        ...


def fill(store: SampleStore, events: Iterable[RecordedEvent]) -> int:
    """Store a history in blocks, one per transaction; returns the number of events."""
    count = 0
    for block in _blocks(iter(events)):
        store.append(block)
        count += len(block)
    return count


def remove(store: SampleStore) -> int:
    """Delete all sample events, and only those; returns their number."""
    return store.delete_sessions(sample_session())


def _blocks(events: Iterator[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    while block := list(islice(events, BLOCK_EVENTS)):
        yield block
