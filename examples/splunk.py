"""Splunk, by its HTTP Event Collector (https://docs.splunk.com, services/collector/event)."""

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
    RequiredText,
    ToolSettings,
)


class SplunkSettings(ToolSettings):
    """The keys of the section; a description completes "Use ..." in an error."""

    host: HttpAddress = Field(description="the address of the collector, as https://host:8088")
    token: SecretStr = Field(description="a token of the collector, out of the environment")
    index: RequiredText | None = Field(None, description="the name of an index")


class SplunkAnalyticsApi(HttpAnalyticsApi):
    """Sends events in batches, one after the other without anything between."""

    max_events = 1_000
    max_bytes = 800_000
    counts_twice = True

    def __init__(self, settings: SplunkSettings) -> None:
        super().__init__(settings)
        self._address = f"{settings.host.rstrip('/')}/services/collector/event"
        self._authorization = f"Splunk {settings.token.get_secret_value()}"
        self._index = {} if settings.index is None else {"index": settings.index}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(SplunkSettings.from_config(config))

    def encode(self, event: RecordedEvent) -> bytes:
        return orjson.dumps(
            {
                "time": event.timestamp.timestamp(),
                "source": "backstage_py",
                "event": event.to_wire(),
                **self._index,
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        content = b"".join(one.content for one in batch)
        return self.post(self._address, content, Authorization=self._authorization)
