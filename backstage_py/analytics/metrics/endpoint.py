"""`/metrics`: the counters and gauges of this node, for Prometheus and similar tools."""

import hmac
from dataclasses import dataclass, field

from anyio import to_thread
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.config.settings import SettingsModel
from backstage_py.analytics.identity.access import PUBLIC, GuardedRoute
from backstage_py.analytics.metrics.metrics import MEDIA_TYPE, Metrics


class MetricsSettings(SettingsModel):
    """The section `app.analytics.metrics`."""

    token: SecretStr | None = Field(
        default=None, min_length=1, description="a token, of the environment"
    )


@dataclass(frozen=True, slots=True)
class MetricsEndpoint:
    """Serves them to everyone, or only to senders of the configured token."""

    metrics: Metrics
    settings: MetricsSettings = field(default_factory=MetricsSettings)

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return GuardedRoute(path, self._serve, methods=["GET"], access=PUBLIC)

    async def _serve(self, request: Request) -> Response:
        if not self._may_read(request.headers.get("authorization", "")):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        text = await to_thread.run_sync(self.metrics.to_text)
        return Response(text, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    def _may_read(self, authorization: str) -> bool:
        token = self.settings.token
        if token is None:
            return True
        wanted = f"Bearer {token.get_secret_value()}"
        return hmac.compare_digest(authorization.encode(), wanted.encode())
