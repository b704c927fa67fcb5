"""A person's own recorded events, to view and export.

An account sees all of its events. The guest is many people, and an anonymous visitor may be anyone:
they see only the events of the visit that their browser names. A visit's id has 74 random bits that
nobody else knows, so knowing it proves ownership.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from backstage_py.analytics import EventStore, RecordedEvent

EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Person:
    """A person who requests their own events; `session_id` is their browser's visit."""

    user: str | None
    session_id: str | None
    has_account: bool

    @property
    def is_known(self) -> bool:
        """Whether their events can be identified."""
        return self.has_account or bool(self.session_id)


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """A page of a person's events, the newest first."""

    events: tuple[RecordedEvent, ...]
    next_cursor: str | None


class OwnRecord:
    """Reads people's own events.

    Reading raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, store: Callable[[], EventStore], is_shared: Callable[[str], bool]) -> None:
        self._store = store
        self._is_shared = is_shared

    def person(self, user: str | None, session_id: str | None) -> Person:
        """Make a person from the server's identity and the visit that their browser names."""
        has_account = bool(user) and not self._is_shared(user or "")
        return Person(user or None, session_id or None, has_account)

    def read(
        self,
        person: Person,
        *,
        action: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> OwnEvents:
        """Read a page of a person's events, starting where the previous page ended."""
        if not person.is_known:
            return OwnEvents((), None)
        page = self._store().read(
            action=action,
            user=person.user,
            session_id=None if person.has_account else person.session_id,
            cursor=cursor,
            limit=limit,
        )
        own = tuple(event for event in page.events if event.user == person.user)
        return OwnEvents(own, page.next_cursor)

    def export(self, person: Person) -> Iterator[bytes]:
        """Return all of a person's events, one JSON object per line, the newest first."""
        cursor = None
        while True:
            page = self.read(person, cursor=cursor, limit=EXPORTED_AT_ONCE)
            yield b"".join(orjson.dumps(event.to_wire()) + b"\n" for event in page.events)
            cursor = page.next_cursor
            if cursor is None:
                return
