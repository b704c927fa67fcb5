"""A person's visited pages, from their recorded navigations."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from backstage_py.analytics import RecordedEvent
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.settings.api import OwnRecord, Person

READ_EVENTS = 1_000
"""How many navigations are read; older ones say little about present interests."""
SHOWN_VISITS = 8
_PAGES = 500
_ENTITY = 4


@dataclass(frozen=True)
class Visit:
    """A visited page: how often, and when last."""

    title: str
    kind: str
    path: str
    hits: int
    moment: str
    share: str = ""
    """How often, compared with the page that was visited most, in CSS."""


class Visits:
    """Reads the visits of people.

    Reading raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, record: OwnRecord, catalog: Callable[[], CatalogService]) -> None:
        self._record = record
        self._catalog = catalog

    def person(self, user: str | None, session_id: str | None) -> Person:
        """Make the person whose visits are read."""
        return self._record.person(user, session_id)

    def find(self, person: Person) -> "VisitLists":
        """List a person's recent and most visited pages."""
        events = self._read(person)
        pages = [(_path_of(event), event) for event in events if _is_page(event)]
        hits = Counter(path for path, _ in pages)
        latest: dict[str, RecordedEvent] = {}
        for path, event in pages:
            latest.setdefault(path, event)
        recent = [self._visit(path, event, hits[path]) for path, event in latest.items()]
        most = sorted(recent, key=lambda visit: -visit.hits)
        most = [replace(one, share=f"{100 * one.hits // most[0].hits}%") for one in most]
        return VisitLists(tuple(recent[:SHOWN_VISITS]), tuple(most[:SHOWN_VISITS]))

    def _read(self, person: Person) -> Sequence[RecordedEvent]:
        events: list[RecordedEvent] = []
        cursor = None
        while len(events) < READ_EVENTS:
            page = self._record.read(person, action="navigate", cursor=cursor, limit=_PAGES)
            events += page.events
            cursor = page.next_cursor
            if cursor is None:
                break
        return events

    def _visit(self, path: str, event: RecordedEvent, hits: int) -> Visit:
        title, kind = self._name(path)
        return Visit(title, kind, path, hits, event.timestamp.isoformat())

    def _name(self, path: str) -> tuple[str, str]:
        """The entity's title and kind on its pages, else the words of the path."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[0] == "catalog" and len(parts) >= _ENTITY:
            entity = self._catalog().find_entity(parts[2], parts[1], parts[3])
            if entity is not None:
                tab = " ".join(parts[_ENTITY:]).replace("-", " ")
                title = f"{entity.title} ({tab})" if tab else entity.title
                return title, entity.kind
        words = " / ".join(part.replace("-", " ") for part in parts)
        return words[:1].upper() + words[1:], ""


@dataclass(frozen=True, slots=True)
class VisitLists:
    """A person's recent and most visited pages."""

    recent: tuple[Visit, ...]
    most: tuple[Visit, ...]


def _path_of(event: RecordedEvent) -> str:
    return urlsplit(event.subject).path.rstrip("/") or "/"


def _is_page(event: RecordedEvent) -> bool:
    """Whether it is a plugin's page, other than the start page itself."""
    return event.context.get("pluginId") != "root" and _path_of(event) != "/"
