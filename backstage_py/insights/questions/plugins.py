"""Questions about use: plugins, routes, extensions, pages, links, and paths between pages."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Subquery, func, select, union_all

from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.normal import page_path
from backstage_py.insights.questions.question import Question, count_users, of_greatest, ranked
from backstage_py.insights.record import Record, ordered

APP = "App"


@dataclass(frozen=True, slots=True)
class TopPlugins(Question):
    """Events and users of each plugin, by the context's `pluginId`."""

    limit: int | None = None

    columns: ClassVar = ("pluginId", "events", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per plugin."""
        counted = count_users(record.events, record.events.c.plugin_id).subquery()
        return ranked(record, counted, {"pluginId": "key_0"}, ("events", "users"), self.limit)


@dataclass(frozen=True, slots=True)
class TopRoutes(Question):
    """Events and users of each route, by the context's `routeRef`."""

    limit: int | None = None

    columns: ClassVar = ("routeRef", "pluginId", "events", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per route and plugin."""
        events = of_greatest(record.events, ("route_ref", "plugin_id"), self.limit)
        counted = count_users(events, events.c.route_ref, events.c.plugin_id).subquery()
        texts = {"routeRef": "key_0", "pluginId": "key_1"}
        return ranked(record, counted, texts, ("events", "users"), self.limit)


@dataclass(frozen=True, slots=True)
class TopExtensions(Question):
    """Events and users of each extension, by the context's `extension`.

    `App` means outside of every extension; without `with_app` it is left out.
    """

    limit: int | None = None
    with_app: bool = True

    columns: ClassVar = ("extension", "pluginId", "events", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per extension and plugin."""
        found = record.events
        if not self.with_app:
            is_app = found.c.extension == record.engine.word(APP)
            found = select(found).where(~is_app).subquery()
        events = of_greatest(found, ("extension", "plugin_id"), self.limit)
        counted = count_users(events, events.c.extension, events.c.plugin_id).subquery()
        texts = {"extension": "key_0", "pluginId": "key_1"}
        return ranked(record, counted, texts, ("events", "users"), self.limit)


@dataclass(frozen=True, slots=True)
class TopPages(Question):
    """The views of each page, for all spellings of its address."""

    limit: int | None = None

    columns: ClassVar = ("path", "views", "users")

    def select(self, record: Record) -> Statement:
        """Group by path."""
        visits = of_greatest(record.of("navigate"), ("path",), self.limit)
        by_path = count_users(visits, visits.c.path).subquery()
        counted = select(by_path, by_path.c.events.label("views")).subquery()
        return ranked(record, counted, {"path": "key_0"}, ("views", "users"), self.limit)


@dataclass(frozen=True, slots=True)
class TopClicks(Question):
    """The most frequent clicks, on one route (`routeRef` of the context) or on all."""

    route: str | None = None
    limit: int | None = None

    columns: ClassVar = ("subject", "to", "clicks")

    def select(self, record: Record) -> Statement:
        """The statement; one row per text and target of the link."""
        clicks = record.of("click")
        query = select(clicks.c.subject, clicks.c.link_to, func.count().label("clicks")).group_by(
            clicks.c.subject, clicks.c.link_to
        )
        if self.route is not None:
            query = query.where(clicks.c.route_ref == record.engine.word(self.route))
        texts = {"subject": "subject", "to": "link_to"}
        return ranked(record, query.subquery(), texts, ("clicks",), self.limit)


@dataclass(frozen=True, slots=True)
class Entries(Question):
    """The first page of each session in the window."""

    limit: int | None = 50

    columns: ClassVar = ("path", "sessions")

    def select(self, record: Record) -> Statement:
        """Group by path."""
        return _ends(record, self.limit, first=True)


@dataclass(frozen=True, slots=True)
class Exits(Question):
    """The last page of each session in the window."""

    limit: int | None = 50

    columns: ClassVar = ("path", "sessions")

    def select(self, record: Record) -> Statement:
        """Group by path."""
        return _ends(record, self.limit, first=False)


def _ends(record: Record, limit: int | None, *, first: bool) -> Statement:
    ends = record.engine.last_of(_pages(record), "session_id", "path", first=first).subquery()
    counted = select(ends.c.path, func.count().label("sessions")).group_by(ends.c.path).subquery()
    return ranked(record, counted, {"path": "path"}, ("sessions",), limit)


@dataclass(frozen=True, slots=True)
class Moves(Question):
    """The moves from page to page within a session."""

    limit: int | None = 50

    columns: ClassVar = ("from", "to", "moves", "sessions")

    def select(self, record: Record) -> Statement:
        """The statement; one row per pair of pages. Loading a page again does not count."""
        pages = _pages(record)
        before = func.lag(pages.c.path).over(
            partition_by=pages.c.session_id, order_by=(pages.c.moment, pages.c.position)
        )
        steps = select(pages.c.session_id, pages.c.path, before.label("before")).subquery()
        each = (
            select(steps.c.before, steps.c.path, steps.c.session_id, func.count().label("times"))
            .where(steps.c.before != steps.c.path)
            .group_by(steps.c.before, steps.c.path, steps.c.session_id)
            .subquery()
        )
        counted = (
            select(
                each.c.before,
                each.c.path,
                func.sum(each.c.times).label("moves"),
                func.count().label("sessions"),
            )
            .group_by(each.c.before, each.c.path)
            .subquery()
        )
        texts = {"from": "before", "to": "path"}
        return ranked(record, counted, texts, ("moves", "sessions"), self.limit)


@dataclass(frozen=True, slots=True)
class PathsAround(Question):
    """The pages that people visited after a page, step by step, or before it (`backwards`)."""

    path: str
    steps: int = 3
    limit: int | None = 100
    backwards: bool = False

    columns: ClassVar = ("step", "from", "to", "moves")

    def select(self, record: Record) -> Statement:
        """Select each visit of the page, with the pages that follow in the session."""
        pages = _pages(record)
        next_ = func.lag if self.backwards else func.lead
        ahead = [
            next_(pages.c.path, step).over(
                partition_by=pages.c.session_id, order_by=(pages.c.moment, pages.c.position)
            )
            for step in range(1, self.steps + 1)
        ]
        chains = select(
            pages.c.path.label("step_0"),
            *(page.label(f"step_{step}") for step, page in enumerate(ahead, 1)),
        ).subquery()
        is_start = chains.c.step_0 == record.engine.word(page_path(self.path))
        moves = [self._step(chains, step).where(is_start) for step in range(1, self.steps + 1)]
        counted = union_all(*moves).subquery()
        texts = {"from": "origin", "to": "target"}
        query = ranked(record, counted, texts, ("moves", "step"), None).subquery()
        texts_ordered = (ordered(query.c["from"]), ordered(query.c.to))
        by_step = select(query).order_by(query.c.step, query.c.moves.desc(), *texts_ordered)
        return by_step if self.limit is None else by_step.limit(self.limit)

    def _step(self, chains: Subquery, step: int) -> Statement:
        here, there = chains.c[f"step_{step - 1}"], chains.c[f"step_{step}"]
        ends = (there, here) if self.backwards else (here, there)
        return (
            select(
                number(step).label("step"),
                ends[0].label("origin"),
                ends[1].label("target"),
                func.count().label("moves"),
            )
            .where(there.is_not(None))
            .group_by(here, there)
        )


def _pages(record: Record) -> Subquery:
    """Navigations of known sessions."""
    visits = record.of("navigate")
    return select(visits).where(visits.c.session_id.is_not(None)).subquery()
