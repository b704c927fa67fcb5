"""`/metrics`: the counters and gauges of this node, for Prometheus and its like."""

import hmac
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.metrics.metrics import MEDIA_TYPE, Metrics


@dataclass(frozen=True, slots=True)
class MetricsEndpoint:
    """Serves them to everyone, or only with the token of `app.analytics.metrics`."""

    metrics: Metrics
    token: str | None = None

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return Route(path, self._serve, methods=["GET"])

    async def _serve(self, request: Request) -> Response:
        if not self._may_read(request.headers.get("authorization", "")):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        text = await to_thread.run_sync(self.metrics.to_text)
        return Response(text, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    def _may_read(self, authorization: str) -> bool:
        if self.token is None:
            return True
        return hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode())
