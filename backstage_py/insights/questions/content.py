"""Questions about content: entities, docs, and pages that were not found."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, select, union_all

from backstage_py.insights.dialects import Statement, computed_once, number
from backstage_py.insights.questions.question import Question, count_users, of_greatest, ranked
from backstage_py.insights.record import Record


@dataclass(frozen=True, slots=True)
class TopEntities(Question):
    """The entities whose pages were visited; in one plugin, such as `techdocs`, or in all."""

    plugin: str | None = None
    limit: int | None = 50

    columns: ClassVar = ("entityRef", "owner", "views", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per entity ref."""
        visits = of_greatest(_visits(record, self.plugin), ("entity_ref",), self.limit)
        by_entity = count_users(visits, visits.c.entity_ref).subquery()
        counted = select(by_entity, by_entity.c.events.label("views")).subquery()
        return ranked(record, counted, {"entityRef": "key_0"}, ("views", "users"), self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Add each entity's owner."""
        owners = record.directory.owner_of
        return [{**row, "owner": owners.get(row["entityRef"].lower()) or None} for row in rows]


@dataclass(frozen=True, slots=True)
class ViewsByOwner(Question):
    """The views of each owner's entities, and the number of users."""

    plugin: str | None = None

    columns: ClassVar = ("owner", "views", "users", "entities")

    def select(self, record: Record) -> Statement:
        """The statement; one row per owner."""
        visits, owners = _visits(record, self.plugin), record.engine.owners
        each = (
            select(visits.c.entity_ref, visits.c.user_ref, func.count().label("times"))
            .group_by(visits.c.entity_ref, visits.c.user_ref)
            .subquery()
        )
        return (
            select(
                owners.c.owner.label("owner"),
                func.sum(each.c.times).label("views"),
                func.count(each.c.user_ref.distinct()).label("users"),
                func.count(each.c.entity_ref.distinct()).label("entities"),
            )
            .join_from(each, owners, owners.c.entity_ref == each.c.entity_ref)
            .where(func.length(owners.c.owner) > 0)
            .group_by(owners.c.owner)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Sort the largest first."""
        return sorted(rows, key=lambda row: (-row["views"], row["owner"]))


@dataclass(frozen=True, slots=True)
class Unvisited(Question):
    """Known entities without visits."""

    plugin: str | None = None
    limit: int | None = 100

    columns: ClassVar = ("entityRef", "owner")

    def select(self, record: Record) -> Statement:
        """Select the visited entities."""
        visits = _visits(record, self.plugin)
        each = select(visits.c.entity_ref).distinct().subquery()
        return select(record.text(each.c.entity_ref).label("entityRef")).select_from(each)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """List the others."""
        visited = {row["entityRef"].lower() for row in rows}
        rest = sorted(ref for ref in record.directory.owner_of if ref not in visited)
        owners = record.directory.owner_of
        return [{"entityRef": ref, "owner": owners[ref] or None} for ref in rest[: self.limit]]


@dataclass(frozen=True, slots=True)
class NotFound(Question):
    """The requested paths that do not exist."""

    limit: int | None = None

    columns: ClassVar = ("path", "hits")

    def select(self, record: Record) -> Statement:
        """The statement; one row per page."""
        missed = record.of("not-found")
        counted = (
            select(missed.c.path, func.count().label("hits")).group_by(missed.c.path).subquery()
        )
        return ranked(record, counted, {"path": "path"}, ("hits",), self.limit)


@dataclass(frozen=True, slots=True)
class NotFoundReferrers(Question):
    """The pages from which people came to missing pages; None if it was their first page."""

    limit: int | None = 50

    columns: ClassVar = ("path", "referrer", "hits")

    def select(self, record: Record) -> Statement:
        """The session's last navigation to another path before the `not-found`."""
        missed, visits = record.of("not-found"), record.of("navigate")
        sessions = select(missed.c.session_id).where(missed.c.session_id.is_not(None))
        columns = ("session_id", "moment", "position")
        both = union_all(
            select(
                *(missed.c[name] for name in columns),
                missed.c.path.label("page"),
                number(1).label("is_missed"),
            ),
            select(
                *(visits.c[name] for name in columns),
                visits.c.path.label("page"),
                number(0).label("is_missed"),
            ).where(visits.c.session_id.in_(sessions)),
        ).subquery()
        visit = func.count().filter(both.c.is_missed == 0)
        query = select(
            both,
            visit.over(
                partition_by=both.c.session_id,
                order_by=(both.c.moment, both.c.position),
                rows=(None, 0),
            ).label("visit"),
        )
        numbered = computed_once(query, "numbered")
        counted = _with_pages_before(numbered)
        texts = {"path": "page", "referrer": "referrer"}
        return ranked(record, counted, texts, ("hits",), self.limit)


def _with_pages_before(numbered: FromClause) -> Subquery:
    pages = select(numbered).where(numbered.c.is_missed == 0).subquery()
    last, one_before = pages.alias("last"), pages.alias("one_before")
    missed = select(numbered).where(numbered.c.is_missed == 1).subquery()
    referrer = case((last.c.page == missed.c.page, one_before.c.page), else_=last.c.page).label(
        "referrer"
    )
    each = (
        select(missed.c.page, referrer)
        .select_from(missed)
        .outerjoin(
            last,
            and_(last.c.session_id == missed.c.session_id, last.c.visit == missed.c.visit),
        )
        .outerjoin(
            one_before,
            and_(
                one_before.c.session_id == missed.c.session_id,
                one_before.c.visit == missed.c.visit - 1,
            ),
        )
        .subquery()
    )
    return (
        select(each.c.page, each.c.referrer, func.count().label("hits"))
        .group_by(each.c.page, each.c.referrer)
        .subquery()
    )


def _visits(record: Record, plugin: str | None) -> Subquery:
    visits = record.of("navigate")
    wanted: list[ColumnElement[bool]] = [visits.c.entity_ref.is_not(None)]
    if plugin is not None:
        wanted.append(visits.c.plugin_id == record.engine.word(plugin))
    return select(visits).where(*wanted).subquery()
