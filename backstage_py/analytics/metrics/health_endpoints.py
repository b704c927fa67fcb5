"""`/livez` and `/readyz`: whether the process lives, and whether it can store events."""

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backstage_py.analytics.identity.access import PUBLIC, GuardedRoute
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.metrics.readiness import Readiness, ReadinessProbe

LIVE_PATH = "/livez"
READY_PATH = "/readyz"
ANSWER_SECONDS = 5.0
"""How long the database may take to answer before it counts as unavailable."""


@dataclass(frozen=True, slots=True)
class HealthEndpoints:
    """Serves both to everyone: they reveal nothing about recorded events.

    `/livez` fails when the process has to be started again, `/readyz` when it should get no
    requests now.
    """

    probe: ReadinessProbe
    ingest: Ingest
    _threads: anyio.CapacityLimiter = field(
        default_factory=lambda: anyio.CapacityLimiter(2), init=False
    )

    def routes(self, place: Callable[[str], str] = str) -> list[Route]:
        """Both routes; `place` gives the path below the app's prefix."""
        return [
            GuardedRoute(place(LIVE_PATH), self._live, methods=["GET"], access=PUBLIC),
            GuardedRoute(place(READY_PATH), self._ready, methods=["GET"], access=PUBLIC),
        ]

    async def _live(self, _request: Request) -> Response:
        if self.ingest.has_died():
            return _answer({"writer": "has died"})
        return _answer({})

    async def _ready(self, _request: Request) -> Response:
        readiness: Readiness | None = None
        with anyio.move_on_after(ANSWER_SECONDS):
            readiness = await to_thread.run_sync(
                self.probe.ask, abandon_on_cancel=True, limiter=self._threads
            )
        if readiness is None:
            return _answer({"database": f"has not answered for {ANSWER_SECONDS:.0f} s"})
        return _answer(dict(readiness.checks))


def _answer(checks: dict[str, str | None]) -> Response:
    is_well = not any(checks.values())
    shown = {name: problem or "ok" for name, problem in checks.items()}
    return JSONResponse(
        {"status": "ok" if is_well else "failing", "checks": shown},
        status_code=200 if is_well else 503,
        headers={"Cache-Control": "no-store"},
    )
