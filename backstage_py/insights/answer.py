"""The answer to a question, and how far it can be trusted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from backstage_py.insights.scope import Scope

Row: TypeAlias = Mapping[str, Any]
"""A row of an answer; the keys are in camelCase, as on the command line."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The events that the numbers are based on.

    `events` were counted; `sample` and `robots` are those in the window that the scope left out.
    For the whole window, regardless of the scope, `rejected`, `dropped_in_browser` and
    `refused_robots` were never recorded, and `dead_letters` and `undelivered` have not reached
    backends. `in_copy` events came from the columnar copy, `from_store` from the store, because the
    copy did not have them yet.
    """

    scope: Scope
    events: int
    sample: int
    robots: int
    in_copy: int
    from_store: int
    copied_at: datetime | None
    asked_at: datetime
    refused_robots: int = 0
    rejected: int = 0
    dropped_in_browser: int = 0
    dead_letters: int = 0
    undelivered: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, each with all of `columns`; `hidden` of them were left out as groups too small.

    `withheld` are the names of those groups that are teams. The scope's window is that of the rows,
    which may be larger than requested: whole weeks, for example. `partial` are the incomplete
    intervals, by their labels: `cut` by the window or `running`.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    scope: Scope
    hidden: int
    milliseconds: float
    write_sql: Callable[[], str]
    withheld: tuple[str, ...] = ()
    partial: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def first(self) -> Row:
        """The only row of a question that has one."""
        return self.rows[0]

    @property
    def sql(self) -> str:
        """The question as SQL on the store's own table, with its values."""
        return self.write_sql()


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events behind a number, the newest first; `next_cursor` leads to the next ones."""

    rows: tuple[Row, ...]
    next_cursor: int | None
    total: int
    write_sql: Callable[[], str]

    @property
    def sql(self) -> str:
        """The statement that finds them in the store, with its values."""
        return self.write_sql()
