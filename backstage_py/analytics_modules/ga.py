"""Google Analytics (Universal Analytics): `app.analytics.ga`.

The keys are those of `@backstage-community/plugin-analytics-module-ga`, the wire that of the
Measurement Protocol v1. Google has switched the service off; `endpoint` names a collector that
still supports it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal, Self
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx
from pydantic import Field

from backstage_py.analytics import (
    Clock,
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RejectedError,
    RequiredText,
    Scalar,
    SettingsModel,
    ToolSettings,
    utc_now,
)
from backstage_py.analytics_modules._categories import category_of, is_page_view
from backstage_py.analytics_modules._texts import as_text, cut_bytes
from backstage_py.analytics_modules._visitors import visitor_digest

_logger = logging.getLogger(__name__)

ENDPOINT = "https://www.google-analytics.com"
HITS = 20
HIT_BYTES = 8 * 1024
BATCH_BYTES = 16 * 1024
FIELD_BYTES = {"ec": 150, "ea": 500, "el": 500, "dp": 2048, "dl": 2048}
CUSTOM_BYTES = 150
OLDEST = timedelta(hours=4)
"""The maximum age of a hit; an older hit has no `qt` and counts as happening now."""
_VALUES = 2**63
_QUEUE_TIME = 16
"""Bytes of `&qt=`, which is added when the hit is sent."""


class CustomDimensionOrMetric(SettingsModel):
    """A value of the event that becomes `dimensionN` or `metricN`."""

    type: Literal["dimension", "metric"] = Field(description="dimension or metric")
    index: int = Field(ge=1, description="the number that it has in Google Analytics")
    source: Literal["context", "attributes"] = Field(description="context or attributes")
    key: RequiredText = Field(description="the key of the value there")


class VirtualSearchPageView(SettingsModel):
    """Searches as page views, for Google's site search reports.

    Source of the defaults: `parseVirtualSearchPageViewConfig` of Backstage's module.
    """

    mode: Literal["disabled", "only", "both"] = Field(
        "disabled", description="disabled, only or both"
    )
    mount_path: RequiredText = Field("/search", description="the path of the page view")
    search_query: RequiredText = Field(
        "query", description="the name of the parameter with the term"
    )
    category_query: RequiredText | None = Field(
        None, description="the name of the parameter with the types that are searched"
    )


class GaSettings(ToolSettings):
    """The keys of `app.analytics.ga`."""

    tracking_id: RequiredText = Field(description="the id of the property, as UA-000000-0")
    script_src: RequiredText | None = Field(
        None, description="nothing: it is of the browser's script, which is not loaded any more"
    )
    endpoint: HttpAddress = Field(
        ENDPOINT, description="the address of a collector, as https://host"
    )
    virtual_search_page_view: VirtualSearchPageView = Field(
        default_factory=lambda: VirtualSearchPageView.model_validate({}),
        description="an object with mode",
    )
    custom_dimensions_metrics: tuple[CustomDimensionOrMetric, ...] = Field(
        (), description="a list of objects with type, index, source and key"
    )


class GaAnalyticsApi(HttpAnalyticsApi):
    """Sends hits to `/batch`, each on a line."""

    max_events = HITS
    max_bytes = BATCH_BYTES - HITS * _QUEUE_TIME

    def __init__(
        self, settings: GaSettings, *, base_url: str | None = None, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        self._tracking_id = settings.tracking_id
        self._search = settings.virtual_search_page_view
        self._custom = settings.custom_dimensions_metrics
        self._address = f"{settings.endpoint.rstrip('/')}/batch"
        self._base_url = (base_url or "").rstrip("/")
        if self._search.mode == "both":
            self.max_events = HITS // 2
        if settings.script_src is not None:
            _logger.warning("app.analytics.ga.scriptSrc has no effect: hits come from the server")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        base_url = config.whole.get_optional_string("app.baseUrl")
        return cls(GaSettings.from_config(config), base_url=base_url)

    def encode(self, event: RecordedEvent) -> bytes:
        """The hits of an event, one per line, without the time since they happened."""
        lines = [self._line(event, hit) for hit in self._hits(event)]
        longest = max(map(len, lines))
        if longest > HIT_BYTES - _QUEUE_TIME:
            raise RejectedError(f"A hit of {longest} bytes is too long, the tool takes {HIT_BYTES}")
        return b"\n".join(lines)

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A batch, with the time since each hit happened."""
        now = self._clock()
        lines = [
            line + _queue_time(now - one.event.timestamp)
            for one in batch
            for line in one.content.split(b"\n")
        ]
        return self.client.build_request("POST", self._address, content=b"\n".join(lines))

    def _line(self, event: RecordedEvent, hit: Mapping[str, str]) -> bytes:
        user = {} if event.user is None else {"uid": event.user}
        fields = {
            "v": "1",
            "tid": self._tracking_id,
            "cid": str(UUID(bytes=visitor_digest(event)[:16], version=4)),
            **user,
            **hit,
            **dict(self._custom_values(event)),
            "z": event.id,
        }
        return urlencode(
            {
                name: cut_bytes(text, FIELD_BYTES.get(name, CUSTOM_BYTES), name)
                for name, text in fields.items()
            },
            quote_via=quote,
        ).encode()

    def _hits(self, event: RecordedEvent) -> Iterator[dict[str, str]]:
        if is_page_view(event):
            yield self._page_view(event.subject)
            return
        if event.action == "search" and self._search.mode != "disabled":
            yield self._page_view(self._search_address(event))
            if self._search.mode == "only":
                return
        yield {
            "t": "event",
            "ec": category_of(event),
            "ea": event.action,
            "el": event.subject,
            **_event_value(event.value),
        }

    def _page_view(self, path: str) -> dict[str, str]:
        location = {"dl": f"{self._base_url}{path}"} if self._base_url else {}
        return {"t": "pageview", "dp": path, **location}

    def _search_address(self, event: RecordedEvent) -> str:
        query = {self._search.search_query: event.subject}
        if self._search.category_query is not None:
            query[self._search.category_query] = as_text(event.context.get("searchTypes", ""))
        return f"{self._search.mount_path}?{urlencode(query)}"

    def _custom_values(self, event: RecordedEvent) -> Iterator[tuple[str, str]]:
        for custom in self._custom:
            values = event.context if custom.source == "context" else event.attributes or {}
            value = values.get(custom.key)
            if value is None or (custom.type == "metric" and not _is_number(value)):
                continue
            yield f"{'cm' if custom.type == 'metric' else 'cd'}{custom.index}", as_text(value)


def _event_value(value: float | None) -> dict[str, str]:
    """The event's value as a whole number from 0 on, as Google requires."""
    if value is None or not 0 <= value < _VALUES:
        return {}
    return {"ev": str(round(value))}


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _queue_time(age: timedelta) -> bytes:
    milliseconds = age // timedelta(milliseconds=1)
    return f"&qt={milliseconds}".encode() if timedelta() < age <= OLDEST else b""


backend = GaAnalyticsApi
