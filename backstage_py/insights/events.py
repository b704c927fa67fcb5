"""The relation that every question queries, and the interface of engines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Double, FromClause, case, cast, func, null, select

from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.directory import Directory

COLUMNS = (
    *("position", "id", "moment", "action", "subject", "value"),
    *("plugin_id", "extension", "route_ref", "user_ref", "session_id", "origin"),
    *(
        "app_version",
        "path",
        "term",
        "link_to",
        "entity_ref",
        "attributes",
        "context",
        "is_sample",
        "is_robot",
    ),
)
"""`moment` is in microseconds since 1970 in UTC.

For `navigate` and `not-found`, `path` is the page of the subject; for `search`, `term` is the
normalized term (see `normal`); both are None for other actions. `link_to` is the attribute `to`;
`entity_ref` comes from the context, else the attributes, else the route's parameters kind,
namespace and name.
"""

PAGE_ACTIONS = ("navigate", "not-found")
"""The actions whose subject is an address."""
SEARCH = "search"

TEXTS = (
    *("action", "subject", "plugin_id", "extension", "route_ref"),
    *("user_ref", "origin", "app_version", "path", "term", "link_to", "entity_ref"),
)
"""The columns with texts, which an engine may hold as codes."""


VISIT_COLUMNS = (
    *("moment", "user_ref", "session_id", "is_sample", "is_robot"),
    *("events", "navigations", "runs", "minutes"),
)
"""The columns of a relation whose rows each summarise some events of a visit, of one user."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The moment of the first event, and the one after the last, in microseconds."""

    first: int
    after_last: int


class Engine(Protocol):
    """The relations that a question queries.

    Texts in the columns of `events` may be codes: compare them with `word` or `matching`, and show
    them with `text`.
    """

    @property
    def directory(self) -> Directory:
        """The facts about people and entities."""
        ...

    @property
    def teams(self) -> FromClause:
        """The directory's teams: `user_ref`, `team` (a plain text)."""
        ...

    @property
    def users(self) -> FromClause:
        """The users that the directory knows, in `user_ref`."""
        ...

    @property
    def left_out(self) -> FromClause:
        """The users who do not count for reach: `user_ref`."""
        ...

    @property
    def owners(self) -> FromClause:
        """The owners of entities: `entity_ref`, `owner` (a plain text)."""
        ...

    def events(self, first: int | None, end: int) -> FromClause:
        """The events from a moment (inclusive) to another one (exclusive)."""
        ...

    def visits(self, first: int | None, end: int) -> FromClause | None:
        """The result of `visits_of` for the same events if it is already counted, else None."""
        ...

    def word(self, text: str) -> ColumnElement[Any]:
        """A text, to be compared with a column."""
        ...

    def text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A column's text."""
        ...

    def matching(
        self,
        column: ColumnElement[Any],
        predicate: Callable[[ColumnElement[Any]], ColumnElement[bool]],
    ) -> ColumnElement[bool]:
        """Whether the column equals the text."""
        ...

    def session(self, text: str) -> ColumnElement[Any]:
        """A session's id, to be compared with the column."""
        ...

    def session_text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The id of a session in the column."""
        ...

    def key(self, events: FromClause, kind: str, name: str) -> ColumnElement[Any]:
        """The text of a key of the events' `attributes` or `context`."""
        ...

    def keys(self, events: FromClause, kind: str) -> Statement:
        """The `name` of each key in the events' `attributes` or `context`, with duplicates."""
        ...

    def last_of(self, rows: FromClause, of: str, value: str, *, first: bool) -> Statement:
        """The value in the last (or first) row of each `of`."""
        ...


def visits_of(events: FromClause, engine: Engine) -> Statement:
    """Events in the form of visits: a row for each."""

    def one(action: str) -> ColumnElement[int]:
        return case((events.c.action == engine.word(action), number(1)), else_=number(0))

    saved = case((events.c.action == engine.word("create"), events.c.value), else_=null())
    return select(
        *(events.c[name] for name in VISIT_COLUMNS[:5]),
        number(1).label("events"),
        one("navigate").label("navigations"),
        one("create").label("runs"),
        func.coalesce(cast(saved, Double), 0).label("minutes"),
    )
