"""Keeps dashboards, and whom they are shared with, in the database."""

import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from backstage_py.analytics import AnalyticsError, Clock, UtcTime, utc_now
from backstage_py.insights.dashboards.dashboard import Dashboard, Share, read_pins
from backstage_py.insights.tables import METADATA, open_tables

MAX_DASHBOARDS = 50
"""The number of dashboards of one owner."""
MAX_SHARES = 50
MAX_LINK_DAYS = 366
_REF = re.compile(r"(user|group):[^/\s]+/[^/\s]+", re.IGNORECASE)

_DASHBOARDS = Table(
    "insights_dashboard",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("owner", String(255), nullable=False),
    Column("pins", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)
_SHARES = Table(
    "insights_dashboard_share",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("dashboard", String(36), nullable=False),
    Column("ref", String(255), nullable=False),
    Column("sharer", String(255), nullable=False),
    Column("token_sha256", String(64), unique=True),
    Column("expires_at", UtcTime),
    Column("made_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at dashboards: `refs` are their own, if they are known, and those of their groups.

    An app that knows no users has one reader, whose `user` is empty: everybody with access to its
    dashboard.
    """

    user: str
    refs: frozenset[str] = frozenset()


class Dashboards:
    """The dashboards of a portal or app; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._tables = open_tables(engine)
        self._clock = clock

    def list_for(self, reader: Reader) -> list[Dashboard]:
        """The dashboards that somebody may see, by name: their own first."""
        shared = select(_SHARES.c.dashboard).where(_SHARES.c.ref.in_(_refs(reader)))
        may_see = or_(_DASHBOARDS.c.owner == reader.user, _DASHBOARDS.c.id.in_(shared))
        with self._tables.reading() as connection:
            found = connection.execute(select(_DASHBOARDS).where(may_see)).mappings()
            all_ = [_read(row) for row in found]
        return sorted(all_, key=lambda one: (one.owner != reader.user, one.name.casefold(), one.id))

    def find(self, reader: Reader, dashboard_id: str) -> Dashboard | None:
        """A dashboard, if there is one with this id that somebody may see."""
        return next((one for one in self.list_for(reader) if one.id == dashboard_id), None)

    def add(self, reader: Reader, name: str) -> Dashboard:
        """Make an empty dashboard.

        Raises:
            AnalyticsError: If the name is empty, too long or in use, or they have too many.
        """
        made = Dashboard(id=str(uuid.uuid4()), name=name.strip(), owner=reader.user)
        with self._tables.writing() as connection:
            own = _DASHBOARDS.c.owner == reader.user
            names = connection.execute(select(_DASHBOARDS.c.name).where(own)).scalars().all()
            _require_free(made.name, names)
            if len(names) >= MAX_DASHBOARDS:
                problem = f"are {len(names)} already"
                raise AnalyticsError("dashboards", problem, "Delete one that you no longer need")
            connection.execute(
                insert(_DASHBOARDS).values(
                    id=made.id,
                    name=made.name,
                    owner=made.owner,
                    pins=made.pins_to_json(),
                    made_at=self._clock(),
                )
            )
        return made

    def change(
        self, reader: Reader, dashboard_id: str, change: Callable[[Dashboard], Dashboard]
    ) -> Dashboard:
        """Change a dashboard of one's own: its name or its pins.

        Raises:
            AnalyticsError: If it is not theirs, or would be wrong.
        """
        with self._tables.writing() as connection:
            kept = _own(connection, reader, dashboard_id)
            changed = change(kept)
            if changed.name != kept.name:
                own = _DASHBOARDS.c.owner == reader.user
                names = connection.execute(select(_DASHBOARDS.c.name).where(own)).scalars().all()
                _require_free(changed.name, names)
            connection.execute(
                update(_DASHBOARDS)
                .where(_DASHBOARDS.c.id == dashboard_id)
                .values(name=changed.name, pins=changed.pins_to_json())
            )
        return changed

    def remove(self, reader: Reader, dashboard_id: str) -> None:
        """Delete a dashboard of one's own; its links end.

        Raises:
            AnalyticsError: If it is not theirs.
        """
        with self._tables.writing() as connection:
            _own(connection, reader, dashboard_id)
            connection.execute(delete(_SHARES).where(_SHARES.c.dashboard == dashboard_id))
            connection.execute(delete(_DASHBOARDS).where(_DASHBOARDS.c.id == dashboard_id))

    def list_shares(self, reader: Reader, dashboard_id: str) -> list[Share]:
        """Whom a dashboard of one's own is shared with; links that ended are not listed.

        Raises:
            AnalyticsError: If it is not theirs.
        """
        of_it = _SHARES.c.dashboard == dashboard_id
        with self._tables.reading() as connection:
            _own(connection, reader, dashboard_id)
            query = select(_SHARES).where(of_it).order_by(_SHARES.c.made_at, _SHARES.c.id)
            found = [_read_share(row) for row in connection.execute(query).mappings()]
        return [one for one in found if one.expires_at is None or one.expires_at > self._clock()]

    def share(self, reader: Reader, dashboard_id: str, ref: str) -> None:
        """Share a dashboard of one's own with a user or group.

        Raises:
            AnalyticsError: If it is not theirs, or the ref is none.
        """
        named = ref.strip().casefold()
        if _REF.fullmatch(named) is None:
            hint = "Use the ref of a user or group, as group:default/platform-team"
            raise AnalyticsError("ref", f"is {ref[:60]!r}", hint)
        with self._tables.writing() as connection:
            _own(connection, reader, dashboard_id)
            known = (_SHARES.c.dashboard == dashboard_id) & (_SHARES.c.ref == named)
            if connection.execute(select(_SHARES.c.id).where(known)).first() is None:
                self._insert_share(connection, reader, dashboard_id, ref=named)

    def make_link(self, reader: Reader, dashboard_id: str, days: int) -> str:
        """Make a link to a dashboard of one's own, and return its token.

        The token is returned this once: the database has only its SHA-256.

        Args:
            reader: Who shares it; the link shows at most what they may see when it is opened.
            dashboard_id: The dashboard.
            days: In how many days the link ends.

        Raises:
            AnalyticsError: If it is not theirs, nobody is signed in, or the days are wrong.
        """
        if not reader.user:
            raise AnalyticsError("link", "needs a signed-in user", "Sign in first")
        if not 1 <= days <= MAX_LINK_DAYS:
            raise AnalyticsError("days", f"are {days}", f"Use 1 to {MAX_LINK_DAYS}")
        token = secrets.token_urlsafe(32)
        with self._tables.writing() as connection:
            _own(connection, reader, dashboard_id)
            expires_at = self._clock() + timedelta(days=days)
            self._insert_share(connection, reader, dashboard_id, token=token, expires_at=expires_at)
        return token

    def unshare(self, reader: Reader, dashboard_id: str, share_id: str) -> None:
        """End a share or a link of a dashboard of one's own.

        Raises:
            AnalyticsError: If it is not theirs.
        """
        mine = (_SHARES.c.dashboard == dashboard_id) & (_SHARES.c.id == share_id)
        with self._tables.writing() as connection:
            _own(connection, reader, dashboard_id)
            connection.execute(delete(_SHARES).where(mine))

    def open_link(self, token: str) -> tuple[Dashboard, Share] | None:
        """The dashboard of a link and who shared it; None if it ended or never was."""
        query = select(_SHARES).where(_SHARES.c.token_sha256 == _hash(token))
        with self._tables.reading() as connection:
            row = connection.execute(query).mappings().first()
            share = None if row is None else _read_share(row)
            if share is None or share.expires_at is None or share.expires_at <= self._clock():
                return None
            is_it = _DASHBOARDS.c.id == share.dashboard
            found = connection.execute(select(_DASHBOARDS).where(is_it)).mappings().first()
        return None if found is None else (_read(found), share)

    def _insert_share(
        self,
        connection: Connection,
        reader: Reader,
        dashboard_id: str,
        *,
        ref: str = "",
        token: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        now = self._clock()
        of_it = _SHARES.c.dashboard == dashboard_id
        is_over = (_SHARES.c.expires_at.is_not(None)) & (_SHARES.c.expires_at <= now)
        connection.execute(delete(_SHARES).where(of_it, is_over))
        query = select(func.count()).select_from(_SHARES).where(of_it)
        if connection.execute(query).scalar_one() >= MAX_SHARES:
            problem = f"are {MAX_SHARES} already"
            raise AnalyticsError("shares", problem, "Remove one, or share with a group")
        connection.execute(
            insert(_SHARES).values(
                id=str(uuid.uuid4()),
                dashboard=dashboard_id,
                ref=ref,
                sharer=reader.user,
                token_sha256=None if token is None else _hash(token),
                expires_at=expires_at,
                made_at=now,
            )
        )


def _own(connection: Connection, reader: Reader, dashboard_id: str) -> Dashboard:
    """A dashboard of somebody's own.

    Raises:
        AnalyticsError: If there is none.
    """
    is_it = (_DASHBOARDS.c.id == dashboard_id) & (_DASHBOARDS.c.owner == reader.user)
    row = connection.execute(select(_DASHBOARDS).where(is_it)).mappings().first()
    if row is None:
        raise AnalyticsError("dashboard", "is not yours", "Open one of your own")
    return _read(row)


def _refs(reader: Reader) -> Collection[str]:
    return {ref.casefold() for ref in reader.refs if ref}


def _require_free(name: str, names: Collection[str]) -> None:
    if name in names:
        raise AnalyticsError("name", f"{name!r} is in use", "Choose another name")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(row: Mapping[Any, Any]) -> Dashboard:
    return Dashboard(
        id=row["id"], name=row["name"], owner=row["owner"], pins=read_pins(row["pins"])
    )


def _read_share(row: Mapping[Any, Any]) -> Share:
    names = ("id", "dashboard", "ref", "sharer", "expires_at")
    return Share(**{name: row[name] for name in names})
