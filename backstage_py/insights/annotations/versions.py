"""Marks new versions of the app on charts, by the versions of events."""

from collections.abc import Iterable

from backstage_py.analytics import EventStore, RecordedEvent, StoredEvent
from backstage_py.insights.annotations.annotations import Annotations
from backstage_py.insights.scope import SAMPLE_PREFIX

LOOKED_BACK = 10_000
"""How many of the newest events are read after a start."""
BLOCK = 2_000
_KEY = "appVersion"


class VersionMarks:
    """Adds an annotation for each version of the app, at the time of its first event.

    Any number of processes may do this: a version is marked once, and not again after its
    annotation was removed.
    """

    def __init__(self, store: EventStore, annotations: Annotations) -> None:
        self._store = store
        self._annotations = annotations
        self._position: int | None = None
        self._known: set[str] = set()

    def step(self) -> None:
        """Read the events that are new since the last step.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        if self._position is None:
            self._position = max(0, self._store.last_position() - LOOKED_BACK)
        while stored := self._store.after(self._position, BLOCK):
            for version, event in _first_of_each(stored).items():
                if version not in self._known:
                    self._annotations.note_version(version, event.timestamp)
                    self._known.add(version)
            self._position = stored[-1].position


def version_of(event: RecordedEvent) -> str | None:
    """The version of the app that captured an event: its own, else that of its context."""
    found = getattr(event, "app_version", None) or event.context.get(_KEY)
    return found if isinstance(found, str) and found.strip() else None


def _first_of_each(stored: Iterable[StoredEvent]) -> dict[str, RecordedEvent]:
    """The earliest event of each version, without sample data."""
    found: dict[str, RecordedEvent] = {}
    for one in stored:
        event = one.event
        if event is None or (event.session_id or "").startswith(SAMPLE_PREFIX):
            continue
        version = version_of(event)
        if version and (version not in found or event.timestamp < found[version].timestamp):
            found[version] = event
    return found
