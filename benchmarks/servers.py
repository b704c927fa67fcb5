"""The servers that are measured: ours, and the least that does the same.

`python -m benchmarks.servers ours|minimal FOLDER PORT` serves one of them, on one core.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SERVER_CORE = 0
_SCHEMA = """
CREATE TABLE event (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, body TEXT);
CREATE TABLE outbox (first INTEGER, last INTEGER);
"""


def ours(folder: Path) -> Starlette:
    """The recorder of the library, with no backend."""
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'ours.db'}"
    config = folder / "app-config.yaml"
    config.write_text(
        "app: {analytics: {ingest: {eventsPerSecond: 10000000, eventsAtOnce: 10000000}}}"
    )
    os.environ["APP_CONFIG"] = str(config)
    os.chdir(folder)
    from backstage_py.analytics import get_recorder

    recorder = get_recorder()

    @asynccontextmanager
    async def run(_app: Starlette) -> AsyncGenerator[None]:
        await asyncio.to_thread(recorder.start)
        try:
            yield
        finally:
            await asyncio.to_thread(recorder.close)

    return Starlette(routes=[recorder.endpoint().route("/api/events")], lifespan=run)


def minimal(folder: Path) -> Starlette:
    """Durable before the answer, each id once, an outbox row a commit, one commit for many."""
    database = sqlite3.connect(folder / "minimal.db", isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.executescript(_SCHEMA)
    waiting: list[tuple[list[tuple[str, str]], asyncio.Future[None]]] = []
    has_work = asyncio.Event()

    def commit(rows: list[tuple[str, str]]) -> None:
        database.execute("BEGIN")
        first = database.total_changes
        database.executemany("INSERT OR IGNORE INTO event (id, body) VALUES (?, ?)", rows)
        database.execute("INSERT INTO outbox VALUES (?, ?)", (first, database.total_changes))
        database.execute("COMMIT")

    async def write() -> None:
        while True:
            await has_work.wait()
            has_work.clear()
            group = waiting.copy()
            waiting.clear()
            await asyncio.to_thread(commit, [row for rows, _ in group for row in rows])
            for _, done in group:
                done.set_result(None)

    async def receive(request: Request) -> Response:
        events = orjson.loads(await request.body())["events"]
        rows = [(event["id"], orjson.dumps(event).decode()) for event in events]
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append((rows, done))
        has_work.set()
        await done
        return Response(orjson.dumps({"accepted": len(rows)}), media_type="application/json")

    @asynccontextmanager
    async def run(_app: Starlette) -> AsyncGenerator[None]:
        writer = asyncio.create_task(write())
        try:
            yield
        finally:
            writer.cancel()

    return Starlette(routes=[Route("/api/events", receive, methods=["POST"])], lifespan=run)


def main() -> None:
    """Serve the named one."""
    name, folder, port = sys.argv[1:]
    os.sched_setaffinity(0, {SERVER_CORE})
    app = {"ours": ours, "minimal": minimal}[name](Path(folder))
    server = Server(
        app, address="127.0.0.1", port=int(port), interface=Interfaces.ASGI, log_enabled=False
    )
    asyncio.run(server.serve())


if __name__ == "__main__":
    main()
