"""`serve`: serves the build on one port, with one worker or, with Redis for the state, several."""

import contextlib
import gc
import multiprocessing
import os
import tempfile
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.server import Server
from prometheus_client import values
from reflex_base.config import get_config
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import AnalyticsError
from backstage_py.operation.build import require_build

KILL_SECONDS = 20
"""How long a stopping worker may store and deliver before it is killed."""
RESPAWN_SECONDS = 1.0
_REFLEX = {
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_BACKEND_ONLY": "true",  # link no assets: they are in the build
    "REFLEX_TELEMETRY_ENABLED": "false",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
}


class ServeError(AnalyticsError):
    """The portal cannot be served as asked; `where` is an option."""


def serve(host: str, port: int, workers: int) -> None:
    """Serve the build of the working directory until a signal ends it.

    A worker that dies is replaced. Workers share the pages' state only through Redis, so several
    need `REDIS_URL`.

    Raises:
        BuildError: If there is no build of this release.
        ServeError: If several workers are asked for without Redis.
        ConfigurationError: If the database is of a newer release.
    """
    require_build()
    _require_shared_state(workers, os.environ)
    with tempfile.TemporaryDirectory(prefix="backstage_py-") as figures:
        os.environ.update(_REFLEX)
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", figures)
        # The client library decides by the variable when it is imported, which has been done.
        values.ValueClass = values.get_value_class()
        module = get_config().module
        _load_app(module)
        _server(module, host, port, workers).serve()


def _require_shared_state(workers: int, environ: Mapping[str, str]) -> None:
    if workers > 1 and not redis_url(environ):
        raise ServeError(
            "--workers",
            f"is {workers}, and the workers share no state",
            "Set REDIS_URL, as redis://localhost:6379, or use --workers 1",
        )


def redis_url(environ: Mapping[str, str]) -> str | None:
    """The address of the Redis for the pages' state, if several processes share it."""
    return environ.get("REFLEX_REDIS_URL") or environ.get("REDIS_URL") or None


def _load_app(module: str) -> None:
    """Build the app once; the workers are forked and share its memory.

    The garbage collector finds nothing in objects made by imports, and takes a tenth of their time.
    It does not touch frozen objects later, so the memory pages stay shared.
    """
    gc.disable()
    try:
        _ = import_module(module).app
        _require_known_schema()
    finally:
        gc.enable()
    gc.freeze()


def _require_known_schema() -> None:
    """Stop here with one line, instead of in each worker, if the database is too new."""
    from backstage_py.analytics.runtime import get_runtime
    from backstage_py.analytics.store.migrate import migrate

    engine = get_runtime().store.engine
    with contextlib.suppress(SQLAlchemyError):  # an unavailable database is waited for
        migrate(engine)
    engine.dispose()  # a connection does not survive a fork


def _server(module: str, host: str, port: int, workers: int) -> Any:
    multiprocessing.set_start_method("fork", force=True)
    return Server(
        target=f"{module}:app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=KILL_SECONDS,
        log_dictconfig=_logs(),
    )


def _logs() -> dict[str, object] | None:
    """Log the server's own lines through the portal's handler, if it has set one up."""
    if os.environ.get("LOG_FORMAT") != "json":
        return None
    return {
        "handlers": {},
        "loggers": {"_granian": {"level": "INFO", "handlers": [], "propagate": True}},
    }
