"""Dynatrace: `app.analytics.dynatrace`, business events.

Source: the Business Events API v2
(https://docs.dynatrace.com/docs/dynatrace-api/environment-api/business-analytics-v2), as a
batch of CloudEvents, and the limits of https://docs.dynatrace.com/docs/shortlink/api-access-limit.
"""

from collections.abc import Sequence
from typing import Any, Self

import httpx
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    Config,
    DeliveryError,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    ToolSettings,
    Verdicts,
    json_list,
    json_of,
    refused_at,
)
from backstage_py.analytics_modules._cloud_events import cloud_event
from backstage_py.analytics_modules._names import facts_of

PATH = "/api/v2/bizevents/ingest"
BATCH_BYTES = 1_000_000
CONTENT_TYPE = "application/cloudevents-batch+json"


class DynatraceSettings(ToolSettings):
    """The keys of `app.analytics.dynatrace`."""

    environment: HttpAddress = Field(
        description="the address of the environment, as https://abc12345.live.dynatrace.com"
    )
    api_token: SecretStr = Field(
        min_length=1,
        description="a token with the scope bizevents.ingest, out of the environment",
    )


class DynatraceAnalyticsApi(HttpAnalyticsApi):
    """Sends batches of CloudEvents; `event.type` is `backstage.ACTION`."""

    max_events = 500
    max_bytes = BATCH_BYTES - 2
    counts_twice = True

    def __init__(self, settings: DynatraceSettings) -> None:
        super().__init__(settings)
        self._address = f"{settings.environment.rstrip('/')}{PATH}"
        self._authorization = f"Api-Token {settings.api_token.get_secret_value()}"

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(DynatraceSettings.from_config(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One CloudEvent with flat data, since Dynatrace turns objects into strings."""
        ids = {"session.id": event.session_id, "user.id": event.user}
        data: dict[str, Any] = {
            "action": event.action,
            **facts_of(event, "."),
            **{name: value for name, value in ids.items() if value is not None},
        }
        return cloud_event(event, data)

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A batch."""
        return self.post(
            self._address,
            json_list(batch),
            Content_Type=CONTENT_TYPE,
            Authorization=self._authorization,
        )

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """A 400 names the invalid events; Dynatrace has accepted the others."""
        verdicts: dict[str, DeliveryError] = {}
        for error in json_of(response).get("errors") or ():
            reason = f"Dynatrace: {error.get('message')}"
            verdicts |= refused_at(batch, error.get("index"), reason)
        return verdicts


backend = DynatraceAnalyticsApi
