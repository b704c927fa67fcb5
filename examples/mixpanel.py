"""Mixpanel, by its Import API (https://developer.mixpanel.com/reference/import-events)."""

from collections.abc import Sequence
from typing import Self

import httpx
import orjson
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    ToolSettings,
)


class MixpanelSettings(ToolSettings):
    """The keys of the section; a description completes "Use ..." in an error."""

    token: SecretStr = Field(description="the project's token, out of the environment")
    host: HttpAddress = Field("https://api.mixpanel.com", description="the address of the API")


class MixpanelAnalyticsApi(HttpAnalyticsApi):
    """Imports events in batches; a record that comes twice is one, by its `$insert_id`."""

    max_events = 2_000
    max_bytes = 10_000_000

    def __init__(self, settings: MixpanelSettings) -> None:
        super().__init__(settings)
        self._address = f"{settings.host}/import"
        self._auth = (settings.token.get_secret_value(), "")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(MixpanelSettings.from_config(config))

    def encode(self, event: RecordedEvent) -> bytes:
        return orjson.dumps(
            {
                "event": event.action,
                "properties": {
                    **event.context,
                    **(event.attributes or {}),
                    "subject": event.subject,
                    "value": event.value,
                    "time": int(event.timestamp.timestamp() * 1000),
                    "distinct_id": event.user or "",
                    "$device_id": event.session_id,
                    "$insert_id": event.id,
                },
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        authorization = httpx.BasicAuth(*self._auth)
        request = self.client.build_request(
            "POST",
            self._address,
            params={"strict": 1},
            content=b"[" + b",".join(one.content for one in batch) + b"]",
            headers={"Content-Type": "application/json"},
        )
        return next(authorization.auth_flow(request))
