"""The commands that run the portal."""

import argparse
import json
import time
from pathlib import Path

EVERY_ADDRESS = "0.0.0.0"  # ruff: ignore[hardcoded-bind-all-interfaces]
"""All addresses, as Reflex's default; behind a proxy on the same machine use 127.0.0.1."""


def add_build(parser: argparse.ArgumentParser) -> None:
    """`build`: compile once."""
    parser.set_defaults(run=_build)


def add_serve(parser: argparse.ArgumentParser) -> None:
    """`serve`: serve the build."""
    parser.add_argument("--host", default=EVERY_ADDRESS, help=f"to listen on ({EVERY_ADDRESS})")
    parser.add_argument("--port", type=_port, default=3000, help="port to listen on (3000)")
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="processes; several need REDIS_URL"
    )
    parser.set_defaults(run=_serve)


def add_backup(parser: argparse.ArgumentParser) -> None:
    """`backup`: save the portal's data."""
    parser.add_argument("file", type=Path, metavar="FILE", help="compressed if it ends in .gz")
    parser.set_defaults(run=_backup)


def add_restore(parser: argparse.ArgumentParser) -> None:
    """`restore`: put a backup in place."""
    parser.add_argument("file", type=Path, metavar="FILE", help="what backup has written")
    parser.set_defaults(run=_restore)


def _build(_parsed: argparse.Namespace) -> int:
    from backstage_py.operation.build import build

    start = time.monotonic()
    folder = build()
    print(f"Built {folder} in {time.monotonic() - start:.0f} s")
    return 0


def _serve(parsed: argparse.Namespace) -> int:
    from backstage_py.operation.serve import serve

    serve(parsed.host, parsed.port, parsed.workers)
    return 0


def _backup(parsed: argparse.Namespace) -> int:
    from backstage_py.operation.backup import backup

    saved = backup(parsed.file)
    print(json.dumps({"events": saved.events, "files": saved.files, "bytes": saved.size}))
    return 0


def _restore(parsed: argparse.Namespace) -> int:
    from backstage_py.operation.backup import restore

    aside = restore(parsed.file)
    print(json.dumps({"restored": str(parsed.file), "before": aside and str(aside)}))
    return 0


def _port(text: str) -> int:
    return _between(text, 1, 65_535)


def _count(text: str) -> int:
    return _between(text, 1, 256)


def _between(text: str, least: int, most: int) -> int:
    if not text.isdigit() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
    return int(text)
