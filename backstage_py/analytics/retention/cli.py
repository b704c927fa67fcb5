"""The shell's commands of retention: expire, export and erase."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backstage_py.analytics.runtime import Runtime


def add_expire(expire: argparse.ArgumentParser) -> None:
    """Add the arguments of `events expire`."""
    expire.add_argument(
        "--dry-run", action="store_true", help="say what it would be, delete nothing"
    )
    expire.set_defaults(run=_expire)


def add_users(users: argparse.ArgumentParser) -> None:
    """Add the commands of `users`."""
    commands = users.add_subparsers(required=True, metavar="COMMAND")
    export = commands.add_parser("export", help="write all that is recorded about a user")
    export.add_argument("user", metavar="USER_REF", help="as user:default/ann")
    export.set_defaults(run=_export)
    erase = commands.add_parser("erase", help="delete all that is recorded about a user")
    erase.add_argument("user", nargs="?", metavar="USER_REF", help="as user:default/ann")
    erase.add_argument(
        "--status", action="store_true", help="the state of earlier erasures at each backend"
    )
    erase.set_defaults(run=_erase, fail=erase.error)


def _open() -> "Runtime":
    """Open the portal's parts with the schema up to date; nothing is started."""
    from backstage_py.analytics.runtime import get_runtime
    from backstage_py.analytics.store.migrate import migrate

    runtime = get_runtime()
    migrate(runtime.store.engine)
    return runtime


def _expire(parsed: argparse.Namespace) -> int:
    from backstage_py.analytics.clock import utc_now
    from backstage_py.analytics.retention.keeper import Keeper, count_due

    runtime, now = _open(), utc_now()
    if parsed.dry_run:
        counts = count_due(runtime.store.engine, runtime.retention.rules(now))
        print(json.dumps({"wouldExpire": sum(counts.values()), "actions": counts}))
        return 0
    keeper = Keeper(runtime.store.engine, runtime.retention)
    print(json.dumps({"expired": keeper.expire(now, lambda: False)}))
    return 0


def _export(parsed: argparse.Namespace) -> int:
    import sys

    from backstage_py.analytics.store.export import write_jsonl

    write_jsonl(_open().people_records.export(parsed.user), sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return 0


def _erase(parsed: argparse.Namespace) -> int:
    if (parsed.user is None) != parsed.status:
        parsed.fail("give either a USER_REF or --status")
    runtime = _open()
    if parsed.status:
        erasures = [one.to_wire() for one in runtime.erasures.list()]
        print(json.dumps({"erasures": erasures}, ensure_ascii=False))
        return 0
    print(json.dumps(runtime.erase_user(parsed.user).to_wire(), ensure_ascii=False))
    return 0
