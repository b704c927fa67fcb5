"""`python -m backstage_py insights`: the owner's questions from the shell.

Its numbers are the owner's: every event counts, including sample data and robots unless they are
left out, and nothing is masked.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from backstage_py.analytics import InvalidEventError, parse_time
from backstage_py.insights.answer import Answer
from backstage_py.insights.insights import Insights, get_access, open_insights
from backstage_py.insights.questions.content import NotFound
from backstage_py.insights.questions.people import ActiveUsers
from backstage_py.insights.questions.plugins import TopClicks, TopPages, TopPlugins
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.search import Searches, SearchesWithoutResult
from backstage_py.insights.questions.templates import Templates
from backstage_py.insights.scope import Sample, Scope
from backstage_py.insights.window import Window

QUESTIONS: Mapping[str, tuple[str, Callable[[argparse.Namespace], Question]]] = {
    "active-users": ("users of each day", lambda _: ActiveUsers()),
    "top-plugins": ("plugins by events", lambda given: TopPlugins(given.limit)),
    "top-pages": ("paths by navigations", lambda given: TopPages(given.limit)),
    "top-clicks": ("links by clicks", lambda given: TopClicks(given.route, given.limit)),
    "searches": ("terms by searches", lambda given: Searches(given.limit)),
    "searches-without-result": (
        "terms that found nothing",
        lambda given: SearchesWithoutResult(given.limit),
    ),
    "templates": ("templates by runs, and minutes saved", lambda given: Templates(given.limit)),
    "not-found": ("paths that are not there", lambda given: NotFound(given.limit)),
}


def add_insights(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    commands = parser.add_subparsers(required=True, metavar="QUESTION")
    for name, (help_text, _make) in QUESTIONS.items():
        question = commands.add_parser(name, help=help_text)
        question.add_argument(
            "--since", type=_time, metavar="T", help="a date or time: then or later"
        )
        question.add_argument("--until", type=_time, metavar="T", help="before this date or time")
        question.add_argument("--format", choices=tuple(_WRITERS), default="table")
        question.add_argument(
            "--zone", default="UTC", help="whose days are meant; UTC unless given"
        )
        question.add_argument("--limit", type=_count, metavar="N", help="rows at most")
        question.add_argument("--without-sample", action="store_true", help="leave sample data out")
        question.add_argument("--without-robots", action="store_true", help="leave robots out")
        question.add_argument("--sql", action="store_true", help="show the SQL instead")
        if name == "top-clicks":
            question.add_argument("--route", metavar="REF", help="only of this routeRef")
        question.set_defaults(run=_ask, question=name)
    export = commands.add_parser("export", help="write the copy as a Parquet or Arrow file")
    export.add_argument("file", type=Path, help="its ending says how: .parquet or .arrow")
    export.add_argument("--view", choices=("events", "visits"), default="events")
    export.add_argument("--since", type=_time, metavar="T", help="a date or time: then or later")
    export.add_argument("--until", type=_time, metavar="T", help="before this date or time")
    export.set_defaults(run=_export)
    rebuild = commands.add_parser("rebuild", help="build the columnar copy again")
    rebuild.set_defaults(run=_rebuild)


def _time(text: str) -> datetime:
    try:
        return parse_time("time", text)
    except InvalidEventError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _open() -> Insights:
    from backstage_py.analytics import EventStore

    return open_insights(EventStore.open(), get_access().settings)


def _ask(parsed: argparse.Namespace) -> int:
    _help, make = QUESTIONS[parsed.question]
    scope = Scope(
        Window(parsed.since, parsed.until, parsed.zone),
        sample=Sample.WITHOUT if parsed.without_sample else Sample.ALL,
        with_robots=not parsed.without_robots,
    )
    insights = _open()
    try:
        insights.copy.reconcile()
        answer = insights.ask(make(parsed), scope)
        if parsed.sql:
            print(answer.sql)
            return 0
        if not insights.copy.agrees():
            answer = replace(answer, rows=tuple(insights.ask_store(make(parsed), scope)))
        _WRITERS[parsed.format](answer)
    finally:
        insights.close()
    return 0


def _export(parsed: argparse.Namespace) -> int:
    insights = _open()
    try:
        insights.copy.reconcile()
        rows = insights.write_view(parsed.view, parsed.file, Window(parsed.since, parsed.until))
    finally:
        insights.close()
    print(json.dumps({"file": str(parsed.file), "view": parsed.view, "rows": rows}))
    return 0


def _rebuild(_parsed: argparse.Namespace) -> int:
    insights = _open()
    try:
        is_done = insights.copy.rebuild()
    finally:
        insights.close()
    print(json.dumps({"rebuilt": is_done, "requested": not is_done}))
    return 0


def _write_json(answer: Answer) -> None:
    rows = [{key: _plain(value) for key, value in row.items()} for row in answer.rows]
    print(json.dumps(rows, ensure_ascii=False))


def _write_csv(answer: Answer) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(answer.columns)
    for row in answer.rows:
        rows.writerow([_harmless(_plain(row[column])) for column in answer.columns])


def _write_table(answer: Answer) -> None:
    cells = [
        list(answer.columns),
        *([_cell(row[column]) for column in answer.columns] for row in answer.rows),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


_WRITERS = {"json": _write_json, "csv": _write_csv, "table": _write_table}


def _plain(value: Any) -> Any:
    """A whole number without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _harmless(cell: Any) -> Any:
    """The text; one that a spreadsheet would run gets a `'` in front (OWASP)."""
    is_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if is_formula else cell


def _cell(value: Any) -> str:
    """The text as one line that a terminal can show."""
    if value is None:
        return "-"
    text = f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)
