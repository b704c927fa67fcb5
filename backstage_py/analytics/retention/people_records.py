"""Exports and erases what is recorded about a person, backends included."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.errors import AnalyticsError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.ingest.pipeline import append_each
from backstage_py.analytics.ingest.spool import Spool
from backstage_py.analytics.retention.listeners import notify
from backstage_py.analytics.store.deliveries import Failure
from backstage_py.analytics.store.erasures import Erasure, ErasureState, ErasureStore, ErasureTask
from backstage_py.analytics.store.events import EventStore

_READ_AT_ONCE = 500
_USER_REF = re.compile(r"user:[^\s:/]+/[^\s:/]+", re.IGNORECASE)
NOT_TOLD = "It is not told who users are (identity: disabled)"


class PeopleRecords:
    """The records of people in a store.

    Args:
        engine: The store's database.
        secret: Returns the key that names are hashed with; called when a name has to be hashed.
        accepted: Returns further keys that names were hashed with.
        spool: Holds the events that dead processes left and that are not stored yet.
    """

    def __init__(
        self,
        engine: Engine,
        secret: Callable[[], str],
        accepted: Callable[[], Sequence[str]] = tuple,
        *,
        spool: Spool | None = None,
    ) -> None:
        self._spool = spool
        self._events = EventStore(engine)
        self._secret = secret
        self._accepted = accepted
        self.erasures = ErasureStore(engine)

    def export(self, user: str) -> Iterator[RecordedEvent]:
        """Everything recorded about a user, in storage order.

        This includes visits before the sign-in, unless someone else signed in during them.

        Raises:
            AnalyticsError: If it is not the entity ref of a user.
        """
        require_user_ref(user)
        positions = [position for position, _ in self.erasures.positions_of(user)]
        for start in range(0, len(positions), _READ_AT_ONCE):
            for stored in self._events.at(positions[start : start + _READ_AT_ONCE]):
                if stored.event is not None:
                    yield stored.event

    def erase(self, user: str, backends: Sequence[Backend], now: datetime) -> Erasure:
        """Erase a user from the record, and let the backends do it too, soon.

        What event handlers of dead processes captured is stored first, so that it is erased too.

        Raises:
            AnalyticsError: If it is not the entity ref of a user.
            sqlalchemy.exc.SQLAlchemyError: If the database refuses; then nothing is erased.
        """
        require_user_ref(user)
        if self._spool is not None:
            for events in self._spool.leftovers():
                append_each(self._events, events)
        tasks = [_task(backend, user, now) for backend in backends]
        erasure, deletion = self.erasures.erase(user, self.person(user), tasks, now)
        notify(deletion)
        return erasure

    def person(self, user: str) -> str:
        """The keyed hash of a user, which identifies nobody without the key."""
        return _hash(user, self._secret())

    def were_erased(self, events: Sequence[RecordedEvent]) -> set[str]:
        """The ids of events captured before their user was erased."""
        users = {event.user for event in events if event.user}
        keys = (self._secret(), *self._accepted()) if users else ()
        persons = {_hash(user, key): user for user in users for key in keys}
        moments = self.erasures.erased_at(persons)
        until: dict[str, datetime] = {}
        for person, moment in moments.items():
            user = persons[person]
            until[user] = max(moment, until.get(user, moment))
        return {
            event.id
            for event in events
            if event.user in until and event.timestamp <= until[event.user]
        }


def _hash(user: str, key: str) -> str:
    text = f"erasure {user.casefold()}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def require_user_ref(user: str) -> None:
    """Refuse what is not the entity ref of a user.

    Raises:
        AnalyticsError: If it is not one.
    """
    if not _USER_REF.fullmatch(user):
        hint = "Write it in full, as user:default/ann"
        raise AnalyticsError("USER_REF", f"is {user[:120]!r}, no entity ref of a user", hint)


def _task(backend: Backend, user: str, now: datetime) -> ErasureTask:
    known_as = backend.known_as(user)
    if known_as is None:
        return ErasureTask("", backend.name, ErasureState.UNKNOWN, failure=Failure(reason=NOT_TOLD))
    arrived = now + timedelta(seconds=backend.policy.timeout)
    failure = Failure(retry_at=arrived)
    return ErasureTask("", backend.name, ErasureState.WAITING, user_id=known_as, failure=failure)
