"""A backend of one's own: posts each event to a URL."""

from typing import Self

import httpx

from backstage_py.analytics import AnalyticsApi, Config, RecordedEvent


class WebhookAnalyticsApi(AnalyticsApi):
    def __init__(self, url: str) -> None:
        self._url = url

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(config.get_string("url"))

    def capture_event(self, event: RecordedEvent) -> None:
        httpx.post(self._url, json=event.to_wire()).raise_for_status()
