"""Notifies people, except those who muted the origin, and keeps their marks."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from backstage_py.analytics import Clock, utc_now
from backstage_py.plugins.catalog.api import CatalogService, EntityRef
from backstage_py.plugins.notifications.notification import (
    SEVERITIES,
    NotificationError,
    NotificationPage,
    Payload,
    Question,
    View,
)
from backstage_py.plugins.notifications.store import NotificationRow, NotificationStore
from backstage_py.plugins.settings.api import UserSettings

BUCKET, MUTED = "notifications", "muted-origins"
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OriginSetting:
    """An origin of notifications, and whether the user allows it."""

    origin: str
    title: str
    is_on: bool


class Notifications:
    """The notifications of all users; usable from any thread.

    `on_change` is called with the user whose notifications have changed, None for everybody.

    Every method that reads or writes raises `sqlalchemy.exc.SQLAlchemyError` if the database does
    not answer.
    """

    def __init__(
        self,
        store: NotificationStore,
        *,
        catalog: Callable[[], CatalogService],
        settings: Callable[[], UserSettings],
        clock: Clock = utc_now,
        on_change: Callable[[str | None], None] = lambda _user: None,
    ) -> None:
        self._on_change = on_change
        self._store = store
        self._catalog = catalog
        self._settings = settings
        self._clock = clock
        self._titles: dict[str, str] = {}

    def register_origin(self, origin: str, title: str) -> None:
        """Register an origin, so that people can mute it before its first notification."""
        self._titles[origin] = title

    def notify(self, origin: str, payload: Payload, recipients: Iterable[str] | None) -> int:
        """Send a notification.

        Args:
            origin: The sender: the id of a plugin.
            payload: The content.
            recipients: Entity refs of users, or of groups, which mean the members of these and of
                the groups below them; None for everybody.

        Returns the number of recipients; everybody counts as one.

        Raises:
            NotificationError: If the origin is missing.
            EntityRefError: If a recipient is not an entity ref.
        """
        if not origin:
            raise NotificationError("origin: is empty; name the plugin that tells it")
        if recipients is None:
            users: list[str | None] = [None]
        else:
            users = [user for user in self._resolve(recipients) if self._lets(user, origin)]
        self._store.add([self._build(origin, payload, user) for user in users])
        for user in users:
            self._on_change(user)
        return len(users)

    def has_told(self, origin: str, payload: Payload, *, within: timedelta | None) -> bool:
        """Whether the same was already sent in this scope, at any time or recently."""
        since = None if within is None else self._clock() - within
        return self._store.has(origin, payload.scope, payload.description, since=since)

    def find(self, user: str, question: Question) -> NotificationPage:
        """List a user's notifications; empty for anonymous."""
        if not user:
            return NotificationPage((), 0)
        return self._store.find(user.lower(), question, muted=self._muted(user))

    def count_unread(self, user: str) -> int:
        """Count a user's unread notifications."""
        return self.find(user, Question(view=View.UNREAD, limit=0)).total

    def mark_read(self, user: str, ids: Collection[str], *, is_read: bool) -> None:
        """Mark some of a user's notifications as read or unread."""
        at = self._clock() if is_read else None
        self._store.mark(user.lower(), ids, column="read_at", at=at)
        self._on_change(user.lower())

    def mark_saved(self, user: str, ids: Collection[str], *, is_saved: bool) -> None:
        """Mark some of a user's notifications as saved or not."""
        at = self._clock() if is_saved else None
        self._store.mark(user.lower(), ids, column="saved_at", at=at)
        self._on_change(user.lower())

    def mark_all_read(self, user: str) -> None:
        """Mark all of a user's notifications as read."""
        self._store.mark_all_read(user.lower(), at=self._clock())
        self._on_change(user.lower())

    def delete_old(self) -> None:
        """Delete notifications that are older than 90 days and not saved by anyone."""
        self._store.delete_older(self._clock() - KEPT)

    def list_origins(self, user: str) -> list[OriginSetting]:
        """List the origins for a user, and whether the user allows them."""
        if not user:
            return []
        muted = self._muted(user)
        origins = {*self._titles, *self._store.list_origins(user.lower()), *muted}
        return [
            OriginSetting(origin, self._titles.get(origin, origin), origin not in muted)
            for origin in sorted(
                origins, key=lambda one: str(self._titles.get(one, one)).casefold()
            )
        ]

    def mute(self, user: str, origin: str, *, is_muted: bool) -> None:
        """Mute an origin for a user, or unmute it.

        Raises:
            SettingError: If nobody is signed in, or there are too many of them.
        """
        muted = self._muted(user) - {origin} | ({origin} if is_muted else set())
        self._settings().set(user.lower(), BUCKET, MUTED, sorted(muted))

    def _muted(self, user: str) -> set[str]:
        muted = self._settings().get(user.lower(), BUCKET, MUTED, [])
        return {str(origin) for origin in muted} if isinstance(muted, list) else set()

    def _lets(self, user: str, origin: str) -> bool:
        return origin not in self._muted(user)

    def _resolve(self, recipients: Iterable[str]) -> list[str]:
        """Each user once, in the order of their first mention."""
        users: dict[str, None] = {}
        seen: set[str] = set()
        waiting = [str(EntityRef.parse(ref, default_kind="user")) for ref in recipients]
        while waiting:
            ref = waiting.pop(0)
            if ref in seen:
                continue
            seen.add(ref)
            if ref.startswith("user:"):
                users[ref] = None
            elif group := self._catalog().find_by_ref(ref):
                waiting += [*group.list_targets("hasMember"), *group.list_targets("parentOf")]
        return list(users)

    def _build(self, origin: str, payload: Payload, user: str | None) -> NotificationRow:
        now = self._clock()
        return NotificationRow(
            id=str(uuid.uuid4()),
            user=user,
            origin=origin,
            created=now,
            updated=now,
            severity=SEVERITIES.index(payload.severity),
            **_texts(payload),
        )


def _texts(payload: Payload) -> Mapping[str, str]:
    names = ("title", "description", "link", "topic", "scope", "icon")
    return {name: getattr(payload, name) for name in names}
