"""The commands of the shell: parse the arguments, call the library, print."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from backstage_py.analytics.errors import AnalyticsError, InvalidEventError
from backstage_py.analytics.event import parse_time

_CSV_NOTE = (
    "In csv a cell that a spreadsheet would take for a formula (it begins with =, +, -, @, "
    "a tab or a carriage return) has a ' in front."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status: 1 for refused events, 2 for a wrong call."""
    parsed = _parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except (AnalyticsError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            return _stop_quietly()
        print(f"backstage_py: {error}", file=sys.stderr)
        return 2


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


def _time(text: str) -> datetime:
    try:
        return parse_time("time", text)
    except InvalidEventError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _export(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.exports import WRITERS
    from backstage_py.analytics.store import EventStore

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
    from backstage_py.analytics.imports import load_lines
    from backstage_py.analytics.store import EventStore

    with contextlib.ExitStack() as stack:
        lines = (
            sys.stdin.buffer
            if parsed.file == "-"
            else stack.enter_context(Path(parsed.file).open("rb"))
        )
        report = load_lines(lines, EventStore.open())
    print(json.dumps(report.to_wire(), ensure_ascii=False))
    return 1 if report.rejected else 0


def _stop_quietly() -> int:
    """The reader of our output is gone; what is buffered for it must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
