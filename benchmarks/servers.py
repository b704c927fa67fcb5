"""The servers that are measured: ours, and the least that is as durable.

`python -m benchmarks.servers ours|minimal|bare FOLDER PORT` serves one of them, on one core.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

SERVER_CORE = 0
_OUTBOX = "CREATE TABLE outbox (first INTEGER, last INTEGER)"
_BARE = "CREATE TABLE event (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, body TEXT)"


INSERT = """
INSERT INTO analytics_event
    (id, action, subject, attributes, context, plugin_id, extension, route_ref,
     timestamp, received_at, session_id, user, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
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
    from backstage_py.analytics import get_runtime

    runtime = get_runtime()

    @asynccontextmanager
    async def run(_app: Starlette) -> AsyncGenerator[None]:
        await asyncio.to_thread(runtime.start)
        try:
            yield
        finally:
            await asyncio.to_thread(runtime.close)

    return Starlette(routes=[runtime.endpoint().route("/api/events")], lifespan=run)


def minimal(folder: Path) -> Starlette:
    """The least that stores what ours does: the same rows in the same table, unchecked."""
    file = folder / "minimal.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    engine.dispose()

    def to_row(event: dict[str, Any]) -> tuple[Any, ...]:
        context = event["context"]
        return (
            *(str(UUID(event["id"])), event["action"], event["subject"]),
            *(orjson.dumps(event["attributes"]).decode(), orjson.dumps(context).decode()),
            *(context["pluginId"], context["extension"], context["routeRef"]),
            *(_sqlite_time(datetime.fromisoformat(event["timestamp"])), _sqlite_time(utc_now())),
            *("visit", "user:default/guest", "browser"),
        )

    return _endpoint(_open(file), INSERT, to_row)


def bare(folder: Path) -> Starlette:
    """The least that is durable: the text of each event under its id, and nothing to ask by."""
    database = _open(folder / "bare.db")
    database.execute(_BARE)
    insert = "INSERT OR IGNORE INTO event (id, body) VALUES (?, ?)"
    return _endpoint(database, insert, lambda event: (event["id"], orjson.dumps(event).decode()))


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(_OUTBOX)
    return database


def _sqlite_time(moment: datetime) -> str:
    return moment.isoformat(" ", "microseconds").removesuffix("+00:00")


def _endpoint(
    database: sqlite3.Connection, insert: str, to_row: Callable[[dict[str, Any]], tuple[Any, ...]]
) -> Starlette:
    """Durable before the answer, each id once, an outbox row a commit, one commit for many."""
    waiting: list[tuple[list[tuple[Any, ...]], asyncio.Future[None]]] = []
    has_work = asyncio.Event()

    def commit(rows: list[tuple[Any, ...]]) -> None:
        database.execute("BEGIN")
        first = database.total_changes
        database.executemany(insert, rows)
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
        rows = [to_row(event) for event in orjson.loads(await request.body())["events"]]
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
    app = {"ours": ours, "minimal": minimal, "bare": bare}[name](Path(folder))
    server = Server(
        app, address="127.0.0.1", port=int(port), interface=Interfaces.ASGI, log_enabled=False
    )
    asyncio.run(server.serve())


if __name__ == "__main__":
    main()
