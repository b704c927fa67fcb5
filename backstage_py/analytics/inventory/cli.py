"""The shell's commands about the inventory: showing it, planning, and linting in CI."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backstage_py.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from backstage_py.analytics.event import RecordedEvent
    from backstage_py.analytics.inventory.declaration import Declaration
    from backstage_py.analytics.inventory.plan import Violation


def add_inventory(inventory: argparse.ArgumentParser) -> None:
    """Add the arguments of `events inventory`."""
    _add_file(inventory)
    inventory.add_argument("--format", choices=("table", "json"), default="table")
    inventory.set_defaults(run=_inventory)


def add_plan(plan: argparse.ArgumentParser) -> None:
    """Add the arguments of `events plan`."""
    _add_file(plan)
    plan.set_defaults(run=_plan)


def add_lint(lint: argparse.ArgumentParser) -> None:
    """Add the arguments of `events lint`."""
    lint.add_argument(
        "file", nargs="?", metavar="FILE.jsonl", help="events to look at too; - for standard input"
    )
    _add_file(lint)
    lint.add_argument("--plan", type=Path, metavar="PLAN.yaml", help="without it, names alone")
    lint.add_argument(
        "--stored", action="store_true", help="look at the events of the portal's store too"
    )
    lint.add_argument("--format", choices=("text", "json"), default="text")
    lint.set_defaults(run=_lint)


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--inventory",
        type=Path,
        metavar="FILE",
        help="instead of that of the app which is compiled in this folder",
    )


def _declarations(parsed: argparse.Namespace) -> "list[Declaration]":
    from backstage_py.analytics.inventory.capture import read_inventory
    from backstage_py.analytics.inventory.declaration import declare

    return declare(read_inventory(parsed.inventory))


def _inventory(parsed: argparse.Namespace) -> int:
    declarations = _declarations(parsed)
    if parsed.format == "json":
        captures = [one.to_wire() for each in declarations for one in each.captures]
        print(json.dumps(captures, ensure_ascii=False))
        return 0
    for one in declarations:
        keys = ", ".join(key for key in one.attributes)
        where = ", ".join(sorted({each.component for each in one.captures}))
        action, plugin, extension, route_ref, subject = (part or "*" for part in one.address.parts)
        print(f"{action:<12} {plugin}/{extension}/{route_ref}  {subject}  [{keys}]  {where}")
    return 0


def _plan(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.inventory.capture import read_inventory
    from backstage_py.analytics.inventory.lint import write_tracking_plan
    from backstage_py.analytics.store import EventStore

    captures = read_inventory(parsed.inventory)
    sys.stdout.write(write_tracking_plan(captures, EventStore.open().engine))
    return 0


def _lint(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.inventory.lint import lint
    from backstage_py.analytics.inventory.plan import read_plan

    plan = None if parsed.plan is None else read_plan(parsed.plan)
    violations = lint(_declarations(parsed), _events(parsed), plan)
    _show(violations, parsed.format)
    return 1 if violations else 0


def _events(parsed: argparse.Namespace) -> "Iterator[RecordedEvent]":
    from backstage_py.analytics.store import EventStore

    if parsed.file == "-":
        yield from _parsed("standard input", sys.stdin.buffer)
    elif parsed.file is not None:
        with Path(parsed.file).open("rb") as file:
            yield from _parsed(parsed.file, file)
    if parsed.stored:
        yield from EventStore.open().stream()


def _parsed(name: str, lines: "Iterator[bytes]") -> "Iterator[RecordedEvent]":
    import orjson

    from backstage_py.analytics.event import RecordedEvent

    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield RecordedEvent.from_wire(orjson.loads(line))
            except (orjson.JSONDecodeError, AnalyticsError, AttributeError) as error:
                hint = "Give a file as events export writes it"
                raise AnalyticsError(
                    f"{name}:{number}", f"is not an event: {error}", hint
                ) from None


def _show(violations: "Sequence[Violation]", format_: str) -> None:
    if format_ == "json":
        print(json.dumps([one.to_wire() for one in violations], ensure_ascii=False))
        return
    for one in violations:
        count = f" ({one.count:,} events)" if one.count > 1 else ""
        line = f"{one.kind.value}: {one.about} {one.problem}{count}. {one.hint}"
        print("".join(letter if letter.isprintable() else " " for letter in line))
    print(f"{len(violations)} violations" if violations else "no violations")
