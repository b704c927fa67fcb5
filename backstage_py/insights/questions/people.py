"""Questions about people: active, new, returning and dormant users, reach and teams."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    case,
    cast,
    distinct,
    func,
    select,
    union_all,
)

from backstage_py.analytics import format_time
from backstage_py.insights.buckets import DAY, fill, from_moment, label, whole_pieces
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.directory import Directory
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain, Window

MONTH_DAYS = 30
_LIFE = {"new": "fresh", "returning": "back", "resurrected": "woken", "dormant": "gone"}
"""The column names in the statement, since some words are reserved in SQL."""
_SPANS = {"day": 1, "week": 7, "month": MONTH_DAYS}


@dataclass(frozen=True, slots=True)
class ActiveUsers(Question):
    """The number of users in each interval; `filled` includes intervals without any."""

    grain: Grain = Grain.DAY
    filled: bool = False

    columns: ClassVar = ("date", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per interval."""
        each = _active(record, record.visits(record.bounds.first), self.grain)
        counted = select(each.c.piece, func.count().label("users")).group_by(each.c.piece)
        return counted.order_by(each.c.piece)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Name the intervals."""
        if self.filled:
            return fill(rows, self.columns, self.grain, record.pieces(self.grain))
        return [{"date": label(row["piece"], self.grain), "users": row["users"]} for row in rows]


@dataclass(frozen=True, slots=True)
class Lifecycle(Question):
    """The users of each interval, by their earlier activity.

    `new`: never active before, in all events that meet the scope's conditions; `returning`: also
    active in the previous interval; `resurrected`: active before, but not then; `dormant`: active
    in the previous interval but not in this one.
    """

    grain: Grain = Grain.WEEK

    columns: ClassVar = ("date", "new", "returning", "resurrected", "dormant")

    def widened(self, window: Window) -> Window:
        """The window in whole intervals: half a week says nothing about the week."""
        return whole_pieces(window, self.grain)

    def select(self, record: Record) -> Statement:
        """The statement, from each user's intervals with the previous and the next one."""
        each = _active(record, record.visits(None), self.grain)
        person, piece = each.c.person, each.c.piece
        seen = select(
            each.c.piece,
            func.lag(piece).over(partition_by=person, order_by=piece).label("before"),
            func.lead(piece).over(partition_by=person, order_by=piece).label("after"),
        ).subquery()
        is_returning = seen.c.before == seen.c.piece - 1
        present = select(
            seen.c.piece.label("piece"),
            func.count().filter(seen.c.before.is_(None)).label("fresh"),
            func.count().filter(is_returning).label("back"),
            func.count().filter(seen.c.before < seen.c.piece - 1).label("woken"),
        ).group_by(seen.c.piece)
        is_last = (seen.c.after > seen.c.piece + 1) | seen.c.after.is_(None)
        gone = (
            select((seen.c.piece + 1).label("piece"), func.count().label("gone"))
            .where(is_last)
            .group_by(seen.c.piece)
            .subquery()
        )
        here = present.subquery()
        nothing = number(0)
        both = union_all(
            select(*here.c, nothing),
            select(gone.c.piece, nothing, nothing, nothing, gone.c.gone),
        ).subquery()
        names = ("piece", *_LIFE.values())
        columns = dict(zip(names, both.c, strict=True))
        sums = [func.sum(columns[name]).label(name) for name in names[1:]]
        return select(columns["piece"].label("piece"), *sums).group_by(columns["piece"])

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Limit the rows to the window."""
        named = [
            {"piece": row["piece"], **{name: row[ours] for name, ours in _LIFE.items()}}
            for row in rows
        ]
        return fill(named, self.columns, self.grain, record.pieces(self.grain))


@dataclass(frozen=True, slots=True)
class Stickiness(Question):
    """The users of each day, of the 7 days and of the 30 days that end with it.

    `stickiness` is the day's share of the month's.
    """

    columns: ClassVar = ("date", "day", "week", "month", "stickiness")
    grain: ClassVar = Grain.DAY

    def select(self, record: Record) -> Statement:
        """Select each user's spans: from a day until some days later or the next visit."""
        each = _active(record, record.visits(record.bounds.first - MONTH_DAYS * DAY), Grain.DAY)
        next_ = func.lead(each.c.piece).over(partition_by=each.c.person, order_by=each.c.piece)
        stays = select(each.c.piece, next_.label("next")).subquery()
        comes = select(stays.c.piece, *(_times().label(name) for name in _SPANS))
        goes = [_ends(stays, name) for name in _SPANS]
        both = union_all(comes.group_by(stays.c.piece), *goes).subquery()
        return (
            select(
                both.c.piece.label("piece"),
                *(func.sum(both.c[name]).label(name) for name in _SPANS),
            )
            .group_by(both.c.piece)
            .order_by(both.c.piece)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Add up the changes day by day."""
        changes = {row["piece"]: row for row in rows}
        counts = dict.fromkeys(_SPANS, 0)
        found = []
        pieces = record.pieces(Grain.DAY)
        for piece in range(min([*changes, pieces.start]), pieces.stop):
            for name in _SPANS:
                counts[name] += changes[piece][name] if piece in changes else 0
            if piece in pieces:
                found.append(_sticky(piece, counts))
        return found


def _times() -> ColumnElement[int]:
    """A count that can be subtracted from another one in every database."""
    return cast(func.count(), BigInteger)


def _ends(stays: Subquery, span: str) -> Statement:
    """The number of users that a span loses each day; users who come back earlier are not lost."""
    end = stays.c.piece + number(_SPANS[span])
    last = case((stays.c.next < end, stays.c.next), else_=end).label("piece")
    lost = [(-_times() if name == span else number(0)).label(name) for name in _SPANS]
    return select(last, *lost).group_by(last)


def _sticky(piece: int, counts: dict[str, int]) -> dict[str, Any]:
    share = counts["day"] / counts["month"] if counts["month"] else 0.0
    return {"date": label(piece, Grain.DAY), **counts, "stickiness": share}


@dataclass(frozen=True, slots=True)
class Reach(Question):
    """The number of known users who were active; `unknown` counts users not in the catalog.

    Users who are left out (`Directory.left_out`) count in none of these. If the owner sets the
    number of people (`Directory.known_users`), all active users belong to them, and none are
    unknown.
    """

    columns: ClassVar = ("known", "active", "share", "unknown")

    def select(self, record: Record) -> Statement:
        """The active users, with whether they are known."""
        visits, known = record.visits(record.bounds.first), record.engine.users
        each = (
            select(visits.c.user_ref.label("one"))
            .where(*_counts(record, visits.c.user_ref))
            .distinct()
            .subquery()
        )
        is_known = each.c.one.in_(select(known.c.user_ref))
        return select(
            func.count().filter(is_known).label("active"),
            func.count(each.c.one).label("users"),
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Compare with the known number, which is never less than that of active people."""
        directory, active, users = record.directory, rows[0]["active"], rows[0]["users"]
        known = len(directory.counted_teams_of)
        if directory.known_users is not None:
            active, known = users, max(directory.known_users, users)
        share = active / known if known else 0.0
        return [{"known": known, "active": active, "share": share, "unknown": users - active}]


@dataclass(frozen=True, slots=True)
class ActiveByTeam(Question):
    """The active users of each team; people in several teams are counted in each.

    Users who are left out of reach count in no team.
    """

    columns: ClassVar = ("team", "members", "users", "share", "events")
    people: ClassVar = "users"
    is_of_groups: ClassVar = True
    group: ClassVar = "team"

    def select(self, record: Record) -> Statement:
        """The statement; one row per team."""
        visits, teams = record.visits(record.bounds.first), record.engine.teams
        each = (
            select(visits.c.user_ref, func.sum(visits.c.events).label("times"))
            .where(*_counts(record, visits.c.user_ref))
            .group_by(visits.c.user_ref)
            .subquery()
        )
        return (
            select(
                teams.c.team.label("team"),
                func.count().label("users"),
                func.sum(each.c.times).label("events"),
            )
            .join_from(teams, each, each.c.user_ref == teams.c.user_ref)
            .group_by(teams.c.team)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """All teams, also those without active users."""
        members = team_sizes(record.directory)
        found = {row["team"]: row for row in rows}
        nobody = {"users": 0, "events": 0}
        teams = [
            {"team": team, "members": size, **{key: found.get(team, nobody)[key] for key in nobody}}
            for team, size in members.items()
        ]
        for team in teams:
            team["share"] = team["users"] / team["members"]
        return sorted(teams, key=lambda team: (-team["users"], team["team"]))


def _counts(record: Record, user: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """The condition that a user counts for reach; empty if all do."""
    if not record.directory.left_out:
        return []
    return [user.not_in(select(record.engine.left_out.c.user_ref))]


def team_sizes(directory: Directory) -> dict[str, int]:
    """The number of known users of each team, without those left out of reach."""
    sizes: dict[str, int] = {}
    for teams in directory.counted_teams_of.values():
        for team in set(teams):
            sizes[team] = sizes.get(team, 0) + 1
    return sizes


@dataclass(frozen=True, slots=True)
class TopUsers(Question):
    """The most active users."""

    limit: int | None = 50

    columns: ClassVar = ("user", "events", "sessions", "lastSeen")
    person: ClassVar = "user"

    def select(self, record: Record) -> Statement:
        """The statement; one row per user."""
        events = record.events
        counted = (
            select(
                events.c.user_ref,
                func.count().label("events"),
                func.count(distinct(events.c.session_id)).label("sessions"),
                func.max(events.c.moment).label("moment"),
            )
            .where(events.c.user_ref.is_not(None))
            .group_by(events.c.user_ref)
            .subquery()
        )
        return ranked(
            record, counted, {"user": "user_ref"}, ("events", "sessions", "moment"), self.limit
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Convert moments to times."""
        return [{**row, "lastSeen": format_time(from_moment(row["moment"]))} for row in rows]


def _active(record: Record, events: Subquery, grain: Grain) -> Subquery:
    """Each user's intervals, each once."""
    piece = record.bucket(events, grain).label("piece")
    return (
        select(piece, events.c.user_ref.label("person"))
        .where(events.c.user_ref.is_not(None))
        .distinct()
        .subquery()
    )
