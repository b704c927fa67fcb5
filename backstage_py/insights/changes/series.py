"""The numbers watched for changes, with their values in the weeks before."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from backstage_py.insights.answer import Answer
from backstage_py.insights.questions.overview import Totals
from backstage_py.insights.questions.plugins import TopPages, TopPlugins
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.search import Searches
from backstage_py.insights.questions.templates import Templates
from backstage_py.insights.scope import Condition, Operator, Scope
from backstage_py.insights.window import Window

Ask = Callable[[Question, Scope], Answer]
ASKED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Watch:
    """A question whose numbers are watched.

    Args:
        question: The question, without a limit.
        kind: The kind of a row, such as `page`.
        key: The column that names a row; empty if there is one row.
        columns: The columns with the numbers, and their names for people.
        field: The field that a row's events have in common.
        conditions: The conditions that the events of all rows meet.
    """

    question: Question
    kind: str
    key: str
    columns: Mapping[str, str]
    field: str = ""
    conditions: tuple[Condition, ...] = ()


def _action(name: str) -> tuple[Condition, ...]:
    return (Condition("action", Operator.IS, (name,)),)


WATCHES = (
    Watch(
        Totals(),
        "total",
        "",
        {"users": "Active users", "sessions": "Visits", "navigations": "Page views"},
    ),
    Watch(TopPlugins(), "plugin", "pluginId", {"events": "Events"}, "pluginId"),
    Watch(TopPages(), "page", "path", {"views": "Page views"}, "path", _action("navigate")),
    Watch(Searches(), "search", "term", {"searches": "Searches"}, "term", _action("search")),
    Watch(
        Templates(), "template", "entityRef", {"runs": "Template runs"}, "entityRef",
        _action("create"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """One number now and at the same time in the weeks before, the newest first."""

    watch: Watch
    column: str
    name: str
    now: float
    before: tuple[float, ...]


def read_series(ask: Ask, scope: Scope, weeks: Sequence[Window]) -> list[Series]:
    """All watched numbers of a scope and of the same time in other weeks.

    Raises:
        AnalyticsError: If a question cannot be answered.
    """
    windows = [scope.window, *weeks]
    asked = [(watch, window) for watch in WATCHES for window in windows]

    def answer(one: tuple[Watch, Window]) -> Answer:
        watch, window = one
        return ask(watch.question, Scope(window, scope.conditions, scope.sample, scope.with_robots))

    with ThreadPoolExecutor(ASKED_AT_ONCE, "changes") as pool:
        answers = list(pool.map(answer, asked))
    found: list[Series] = []
    for number, watch in enumerate(WATCHES):
        start = number * len(windows)
        found += _series_of(watch, answers[start : start + len(windows)])
    return found


def _series_of(watch: Watch, answers: Sequence[Answer]) -> list[Series]:
    by_name = [
        {str(row[watch.key] or "") if watch.key else "": row for row in one.rows} for one in answers
    ]
    names = {name for rows in by_name for name in rows}
    return [
        Series(watch, column, name, values[0], tuple(values[1:]))
        for name in sorted(names)
        for column in watch.columns
        if any(values := [float(rows.get(name, {}).get(column) or 0) for rows in by_name])
    ]
