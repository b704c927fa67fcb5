"""Questions about new things: a plugin's adoption, a flag's variants, feedback."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import and_, case, distinct, func, null, select, union_all

from backstage_py.insights.buckets import fill, whole_pieces
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain, Window

EXPOSURE, FEEDBACK = "exposure", "feedback"
VARIANT = "variant"
"""The attribute with the variant of a flag that a person saw."""


@dataclass(frozen=True, slots=True)
class Adoption(Question):
    """The users of a plugin: new ones per interval, and the total so far.

    The first use is that of the whole record, so the intervals begin with the plugin's first
    day; `users` are the users of an interval.
    """

    plugin: str
    grain: Grain = Grain.WEEK

    columns: ClassVar = ("date", "newUsers", "soFar", "users")

    def widened(self, window: Window) -> Window:
        """The window in whole intervals."""
        return whole_pieces(window, self.grain)

    def select(self, record: Record) -> Statement:
        """The statement, from each user's intervals."""
        events = record.since(None)
        piece = record.bucket(events, self.grain).label("piece")
        used = and_(
            events.c.plugin_id == record.engine.word(self.plugin), events.c.user_ref.is_not(None)
        )
        each = select(piece, events.c.user_ref.label("person")).where(used).distinct().subquery()
        first = func.min(each.c.piece).over(partition_by=each.c.person).label("first")
        seen = select(each.c.piece, first).subquery()
        return select(
            seen.c.piece,
            func.count().label("users"),
            func.count().filter(seen.c.first == seen.c.piece).label("newUsers"),
        ).group_by(seen.c.piece)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Limit the rows to the window, with the sum of all before."""
        pieces = record.pieces(self.grain)
        so_far = sum(row["newUsers"] for row in rows if row["piece"] < pieces.start)
        filled = fill(rows, ("date", "newUsers", "users"), self.grain, pieces)
        found = []
        for row in filled:
            so_far += row["newUsers"]
            found.append({**row, "soFar": so_far})
        return found


@dataclass(frozen=True, slots=True)
class Exposure(Question):
    """The people who saw each variant of a feature flag, and how many did an action afterwards.

    `exposure` events name the flag in their subject and the variant in the attribute `variant`;
    `outcome` is the action that counts, by the same user after their first exposure to it.
    """

    outcome: str = "create"
    limit: int | None = 100

    columns: ClassVar = ("flag", "variant", "users", "converted", "share")
    people: ClassVar = "users"
    is_of_groups: ClassVar = True

    def select(self, record: Record) -> Statement:
        """The statement; one row per flag and variant."""
        shown, done = record.of(EXPOSURE), record.of(self.outcome)
        first = (
            select(
                shown.c.subject,
                record.engine.key(shown, "attributes", VARIANT).label("variant"),
                shown.c.user_ref,
                func.min(shown.c.moment).label("moment"),
            )
            .where(shown.c.user_ref.is_not(None))
            .group_by(shown.c.subject, "variant", shown.c.user_ref)
            .subquery()
        )
        last = (
            select(done.c.user_ref, func.max(done.c.moment).label("moment"))
            .group_by(done.c.user_ref)
            .subquery()
        )
        did = case((last.c.moment > first.c.moment, number(1)), else_=number(0))
        each = (
            select(first.c.subject, first.c.variant, did.label("did"))
            .outerjoin_from(first, last, last.c.user_ref == first.c.user_ref)
            .subquery()
        )
        counted = (
            select(
                each.c.subject,
                each.c.variant,
                func.count().label("users"),
                func.sum(each.c.did).label("converted"),
            )
            .group_by(each.c.subject, each.c.variant)
            .subquery()
        )
        named = select(
            record.text(counted.c.subject).label("flag"),
            counted.c.variant,
            counted.c.users,
            counted.c.converted,
        ).subquery()
        query = select(named).order_by(named.c.users.desc(), named.c.flag, named.c.variant)
        return query if self.limit is None else query.limit(self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Add the share of each variant."""
        return [{**row, "share": row["converted"] / row["users"]} for row in rows]


@dataclass(frozen=True, slots=True)
class FeedbackAnswers(Question):
    """The answers to `analytics_feedback`: their number and mean score."""

    limit: int | None = 50

    columns: ClassVar = ("subject", "answers", "mean", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per subject of the feedback."""
        given = record.of(FEEDBACK)
        counted = (
            select(
                given.c.subject,
                func.count().label("answers"),
                func.avg(given.c.value).label("mean"),
                func.count(distinct(given.c.user_ref)).label("users"),
            )
            .group_by(given.c.subject)
            .subquery()
        )
        return ranked(
            record, counted, {"subject": "subject"}, ("answers", "mean", "users"), self.limit
        )


@dataclass(frozen=True, slots=True)
class FeedbackAfter(Question):
    """The visit's last event before an answer: what people had just done.

    `action` and `on` are that event's action and subject, None if the answer was the first event of
    its visit, or outside of visits.
    """

    limit: int | None = 50

    columns: ClassVar = ("subject", "action", "on", "answers", "mean")

    def select(self, record: Record) -> Statement:
        """Group by the subject of the feedback, and the event before it."""
        events = record.events
        given = record.of(FEEDBACK)
        visits = select(given.c.session_id).where(given.c.session_id.is_not(None))
        of_visits = select(events).where(events.c.session_id.in_(visits)).subquery()
        order = {
            "partition_by": of_visits.c.session_id,
            "order_by": (of_visits.c.moment, of_visits.c.position),
        }
        followed = select(
            *(of_visits.c[name] for name in ("action", "subject", "value")),
            func.lag(of_visits.c.action).over(**order).label("before_action"),
            func.lag(of_visits.c.subject).over(**order).label("before_subject"),
        ).subquery()
        nothing = [null().label(name) for name in ("before_action", "before_subject")]
        alone = select(given.c.action, given.c.subject, given.c.value, *nothing).where(
            given.c.session_id.is_(None)
        )
        both = union_all(
            select(followed).where(record.is_action(followed, FEEDBACK)), alone
        ).subquery()
        keys = (both.c.subject, both.c.before_action, both.c.before_subject)
        counted = (
            select(*keys, func.count().label("answers"), func.avg(both.c.value).label("mean"))
            .group_by(*keys)
            .subquery()
        )
        texts = {"subject": "subject", "action": "before_action", "on": "before_subject"}
        return ranked(record, counted, texts, ("answers", "mean"), self.limit)
