"""The commands of the shell: parse the arguments, call the library, print."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.errors import AnalyticsError, InvalidEventError
from backstage_py.analytics.event import parse_time
from backstage_py.analytics.extras import install_hint
from backstage_py.analytics.inventory.cli import add_inventory, add_lint, add_plan
from backstage_py.analytics.retention.cli import add_expire, add_users
from backstage_py.insights.annotations.cli import add_annotate
from backstage_py.insights.cli import add_insights
from backstage_py.operation.cli import add_backup, add_build, add_restore, add_serve
from backstage_py.plugins.auth.cli import add_tokens
from backstage_py.plugins.scaffolder.cli import add_new

if TYPE_CHECKING:
    from backstage_py.analytics.store.deliveries import DeliveryStore

_CSV_NOTE = (
    "In csv a cell that a spreadsheet would take for a formula (it begins with =, +, -, @, "
    "a tab or a carriage return) has a ' in front."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 1 for refusals or violations, 2 for a wrong call."""
    parsed = _parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except ModuleNotFoundError as error:
        if (hint := install_hint(error)) is None:
            raise
        print(f"backstage_py: this command is not installed. {hint}", file=sys.stderr)
        return 2
    except (AnalyticsError, OSError, SQLAlchemyError) as error:
        if isinstance(error, BrokenPipeError):
            return _stop_quietly()
        print(f"backstage_py: {_in_one_line(error)}", file=sys.stderr)
        return 2


def _in_one_line(error: Exception) -> str:
    """The message of a database's error, without the statement."""
    return str(error).partition("\n")[0] if isinstance(error, SQLAlchemyError) else str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m backstage_py", description="The portal's record."
    )
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")
    events = rooms.add_parser("events", help="what has been recorded")
    commands = events.add_subparsers(required=True, metavar="COMMAND")
    _add_export(
        commands.add_parser("export", help="write every event, oldest first", epilog=_CSV_NOTE)
    )
    _add_load(commands.add_parser("load", help="take in a file of events, each id once"))
    add_expire(commands.add_parser("expire", help="delete what is older than the owner keeps it"))
    _add_simulate(commands.add_parser("simulate", help="make up a history, or take it away"))
    add_inventory(commands.add_parser("inventory", help="every capture of the compiled app"))
    add_plan(commands.add_parser("plan", help="write a tracking plan of the compiled app"))
    add_lint(commands.add_parser("lint", help="hold captures and events against the plan"))
    add_users(rooms.add_parser("users", help="what is recorded about a person"))
    _add_deliveries(rooms.add_parser("deliveries", help="what backends have not taken, and why"))
    add_insights(rooms.add_parser("insights", help="the owner's questions"))
    add_tokens(rooms.add_parser("tokens", help="API tokens of services"))
    add_annotate(rooms.add_parser("annotate", help="put a mark on every chart, as for a release"))
    add_build(rooms.add_parser("build", help="compile the portal, once for many starts"))
    add_serve(rooms.add_parser("serve", help="serve what was built"))
    add_new(rooms.add_parser("new", help="write something to begin with"))
    add_backup(rooms.add_parser("backup", help="save what the portal keeps, while it runs"))
    add_restore(rooms.add_parser("restore", help="put a backup in place; the portal must not run"))
    return parser


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("--format", choices=("jsonl", "csv", "parquet"), default="jsonl")
    export.add_argument("--since", type=_time, metavar="TIME", help="captured then or later")
    export.add_argument("--until", type=_time, metavar="TIME", help="captured before")
    export.add_argument("--action", help="only this action")
    export.add_argument("--output", type=Path, metavar="FILE", help="instead of standard output")
    export.set_defaults(run=_export)


def _add_load(load: argparse.ArgumentParser) -> None:
    load.add_argument("file", metavar="FILE.jsonl", help="- for standard input")
    load.set_defaults(run=_load)


def _add_simulate(simulate: argparse.ArgumentParser) -> None:
    simulate.add_argument("--days", type=int, default=90, metavar="N", help="how long, until now")
    simulate.add_argument("--users", type=int, default=300, metavar="N", help="how many people")
    simulate.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="random seed; the same seed gives the same history",
    )
    simulate.add_argument("--until", type=_time, metavar="TIME", help="when it ends")
    simulate.add_argument("--remove", action="store_true", help="delete all sample data")
    simulate.set_defaults(run=_simulate)


def _add_deliveries(deliveries: argparse.ArgumentParser) -> None:
    commands = deliveries.add_subparsers(metavar="COMMAND")
    list_ = commands.add_parser("list", help="what is owed, what waits, what was given up")
    for parser in (deliveries, list_):
        parser.add_argument("--backend", metavar="NAME", help="only this one")
        parser.add_argument("--state", choices=("waiting", "dead", "dropped"))
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--limit", type=int, default=1_000, metavar="N", help="of events")
        parser.set_defaults(run=_list_deliveries)
    retry = commands.add_parser("retry", help="try dead letters again, and all that waits at once")
    purge = commands.add_parser("purge", help="forget dead letters and dropped events for good")
    for parser, run in ((retry, _retry_deliveries), (purge, _purge_deliveries)):
        parser.add_argument("--backend", metavar="NAME", help="only of this one")
        parser.add_argument("--id", dest="event_id", metavar="ID", help="only this event")
        parser.set_defaults(run=run)


def _time(text: str) -> datetime:
    try:
        return parse_time("time", text)
    except InvalidEventError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _export(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.store import EventStore
    from backstage_py.analytics.store.export import WRITERS

    events = EventStore.open().stream(since=parsed.since, until=parsed.until, action=parsed.action)
    write = WRITERS[parsed.format]
    if parsed.output is None:
        write(events, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with parsed.output.open("wb") as file:
            write(events, file)
    return 0


def _load(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.ingest.load import load_lines
    from backstage_py.analytics.retention.people_records import PeopleRecords
    from backstage_py.analytics.runtime import own_accepted_secrets, own_secret
    from backstage_py.analytics.store import EventStore

    with contextlib.ExitStack() as stack:
        lines = (
            sys.stdin.buffer
            if parsed.file == "-"
            else stack.enter_context(Path(parsed.file).open("rb"))
        )
        store = EventStore.open()
        records = PeopleRecords(store.engine, own_secret, own_accepted_secrets)
        report = load_lines(lines, store, records)
    print(json.dumps(report.to_wire(), ensure_ascii=False))
    return 1 if report.rejected else 0


def _simulate(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics import utc_now
    from backstage_py.analytics.store import EventStore
    from backstage_py.plugins.catalog.api import get_catalog
    from backstage_py.plugins.insights.api import Plan, SampleData

    sample = SampleData(EventStore.open(), get_catalog)
    if parsed.remove:
        print(json.dumps({"removed": sample.remove()}))
        return 0
    until = parsed.until or utc_now()
    count = sample.fill(Plan(parsed.days, parsed.users, parsed.seed, until))
    print(json.dumps({"events": count, "sample": True}))
    return 0


def _list_deliveries(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.store.deliveries import DeliveryState

    deliveries = _open_deliveries(parsed.backend)
    state = None if parsed.state is None else DeliveryState(parsed.state)
    backlogs = [
        backlog.to_wire()
        for backlog in deliveries.backlogs()
        if parsed.backend in {None, backlog.backend}
    ]
    parked = deliveries.list(backend=parsed.backend, state=state, limit=parsed.limit)
    events = [one.to_wire() for one in parked]
    if parsed.format == "json":
        print(json.dumps({"backends": backlogs, "events": events}, ensure_ascii=False))
    else:
        _print_table(backlogs or [{"backend": "none has been configured yet"}])
        if events:
            print()
            _print_table(events)
    return 0


def _retry_deliveries(parsed: argparse.Namespace) -> int:
    deliveries = _open_deliveries(parsed.backend)
    count = deliveries.retry(backend=parsed.backend, event_id=parsed.event_id)
    print(json.dumps({"retried": count}))
    return 0


def _purge_deliveries(parsed: argparse.Namespace) -> int:
    deliveries = _open_deliveries(parsed.backend)
    count = deliveries.purge(backend=parsed.backend, event_id=parsed.event_id)
    print(json.dumps({"purged": count}))
    return 0


def _open_deliveries(backend: str | None) -> "DeliveryStore":
    from backstage_py.analytics.store import EventStore
    from backstage_py.analytics.store.deliveries import DeliveryStore

    deliveries = DeliveryStore(EventStore.open().engine)
    known = deliveries.backends()
    if backend is not None and backend not in known:
        hint = f"Use one of {', '.join(known)}" if known else "Nothing has been delivered yet"
        raise AnalyticsError("--backend", f"{backend!r} is not known here", hint)
    return deliveries


def _print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Columns as wide as their contents; a missing value is a dash."""
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


def _cell(value: object) -> str:
    """The value as one line of printable text, safe for a terminal."""
    text = "-" if value is None else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _stop_quietly() -> int:
    """Stop quietly: the reader of our output is gone, so buffered text must not fail at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
