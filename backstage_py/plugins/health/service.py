"""The pipeline's health: its counters, and what backends are owed or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from backstage_py.analytics import Backlog, DeliveryState, PendingDelivery, RecordedEvent, Runtime

SHOWN_EVENTS = 200
READ_EVENTS = 5_000
"""How many events of a state are read; the store lists the oldest first."""


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """The state of a backend; one no longer configured is still owed events."""

    backlog: Backlog
    is_configured: bool

    @property
    def is_failing(self) -> bool:
        """Whether its last delivery failed."""
        return self.is_configured and self.backlog.cursor.failure.tries > 0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An event that a backend has not accepted; None if the store cannot read it."""

    parked: PendingDelivery
    event: RecordedEvent | None


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """The newest of the events that a backend has not accepted.

    `total` is their number, `looked_at` the number that was read to find the newest.
    """

    items: tuple[Undelivered, ...] = ()
    total: int = 0
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter for undelivered events: by states, and by one backend or all."""

    states: tuple[DeliveryState, ...] = (DeliveryState.DEAD, DeliveryState.WAITING)
    backend: str | None = None


class HealthService:
    """Reads the health of a process's pipeline, and retries deliveries."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._deliveries = runtime.deliveries

    def totals(self) -> Mapping[str, int]:
        """The counters of this process since it started, by name."""
        return self._runtime.metrics.totals()

    def backends(self) -> list[BackendHealth]:
        """Every backend that has ever been configured.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        configured = self._runtime.backend_names
        return [
            BackendHealth(backlog, backlog.backend in configured)
            for backlog in self._deliveries.backlogs()
        ]

    def undelivered(self, choice: Choice, backends: Sequence[BackendHealth]) -> UndeliveredPage:
        """The matching events, the newest first; the totals are taken from the backends.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        found = [
            self._deliveries.list(backend=choice.backend, state=state, limit=READ_EVENTS)
            for state in choice.states
        ]
        parked = sorted(chain(*found), key=lambda one: (-one.position, one.backend))
        shown = parked[:SHOWN_EVENTS]
        stored = self._runtime.store.at(sorted({one.position for one in shown}))
        events = {one.position: one.event for one in stored}
        return UndeliveredPage(
            items=tuple(Undelivered(one, events.get(one.position)) for one in shown),
            total=max(_count(choice, backends), len(parked)),
            looked_at=len(parked),
        )

    def retry(self, *, backend: str, event_id: str | None = None) -> int:
        """Retry a backend's dead letters, and its waiting events at once.

        Args:
            backend: The name of the backend.
            event_id: Only this event.

        Returns:
            The number of dead letters.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        return self._deliveries.retry(backend=backend, event_id=event_id)


def oldest_undelivered(backends: Sequence[BackendHealth]) -> datetime | None:
    """When the oldest event arrived that a configured backend has not received."""
    moments = [one.backlog.oldest_owed for one in backends if one.is_configured]
    return min((moment for moment in moments if moment is not None), default=None)


def _count(choice: Choice, backends: Sequence[BackendHealth]) -> int:
    chosen = [one.backlog for one in backends if choice.backend in {None, one.backlog.backend}]
    return sum(_counts(backlog)[state] for backlog in chosen for state in choice.states)


def _counts(backlog: Backlog) -> Mapping[DeliveryState, int]:
    return {
        DeliveryState.WAITING: backlog.waiting,
        DeliveryState.DEAD: backlog.dead,
        DeliveryState.DROPPED: backlog.dropped,
    }
