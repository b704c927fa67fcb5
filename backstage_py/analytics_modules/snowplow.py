"""Snowplow: `app.analytics.snowplow`.

Source: the tracker protocol
(https://docs.snowplow.io/docs/events/going-deeper/http-requests/), `POST .../tp2`, and the
schema iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

import httpx
import orjson
from pydantic import Field, model_validator

from backstage_py import __version__
from backstage_py.analytics import (
    AnalyticsEvent,
    Clock,
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RequiredText,
    ToolSettings,
    utc_now,
)
from backstage_py.analytics_modules._categories import category_of, is_page_view
from backstage_py.analytics_modules._texts import as_text

PATH = "/com.snowplowanalytics.snowplow/tp2"
PAYLOAD_SCHEMA = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
SELF_DESCRIBING = "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"
CONTEXTS = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1"
TRACKER = f"backstage_py-{__version__}"
BATCH_BYTES = 1_000_000
_IGLU = r"^iglu:[^/]+/[^/]+/jsonschema/\d+-\d+-\d+$"


class SnowplowSettings(ToolSettings):
    """The keys of `app.analytics.snowplow`."""

    collector: HttpAddress = Field(description="the address of the collector, as https://host")
    app_id: RequiredText = Field(
        "backstage_py", description="the id that Snowplow knows the app by"
    )
    namespace: RequiredText | None = Field(None, description="the tracker's namespace")
    event_type: Literal["struct", "self-describing"] = Field(
        "struct", description="struct or self-describing"
    )
    event_schema: RequiredText | None = Field(
        None, pattern=_IGLU, description="an iglu address, as iglu:com.me/event/jsonschema/1-0-0"
    )
    context_schema: RequiredText | None = Field(
        None, pattern=_IGLU, description="an iglu address, as iglu:com.me/place/jsonschema/1-0-0"
    )

    @model_validator(mode="after")
    def _has_a_schema(self) -> Self:
        if self.event_type == "self-describing" and self.event_schema is None:
            raise ValueError("Give eventSchema, which self-describing events follow")
        return self


class SnowplowAnalyticsApi(HttpAnalyticsApi):
    """Sends page views, and structured or self-describing events; ids are `eid`s."""

    max_events = 500
    max_bytes = BATCH_BYTES - 500 * len(',"stm":"1234567890123"}')

    def __init__(
        self, settings: SnowplowSettings, *, base_url: str | None = None, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        self._settings = settings
        self._address = f"{settings.collector.rstrip('/')}{PATH}"
        self._base_url = (base_url or "").rstrip("/")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        base_url = config.whole.get_optional_string("app.baseUrl")
        return cls(SnowplowSettings.from_config(config), base_url=base_url)

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `data`, without the time of its sending; all values are texts."""
        facts = {
            "tv": TRACKER,
            "tna": self._settings.namespace,
            "aid": self._settings.app_id,
            "p": "srv",
            "eid": event.id,
            "dtm": _milliseconds(event.timestamp),
            "uid": event.user,
            "sid": event.session_id if _is_uuid(event.session_id) else None,
            **self._what(event),
            "cx": self._contexts(event),
        }
        return orjson.dumps({name: value for name, value in facts.items() if value is not None})

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A payload."""
        sent = b',"stm":"' + _milliseconds(self._clock()).encode() + b'"}'
        entries = b",".join(one.content[:-1] + sent for one in batch)
        return self.client.build_request(
            "POST",
            self._address,
            content=b'{"schema":"' + PAYLOAD_SCHEMA.encode() + b'","data":[' + entries + b"]}",
            headers={"Content-Type": "application/json; charset=utf-8"},
        )

    def _what(self, event: RecordedEvent) -> dict[str, str | None]:
        if is_page_view(event):
            return {"e": "pv", "url": f"{self._base_url}{event.subject}", "page": event.subject}
        if self._settings.event_type == "self-describing":
            return {"e": "ue", "ue_px": self._self_describing(event)}
        return {
            "e": "se",
            "se_ca": category_of(event),
            "se_ac": event.action,
            "se_la": event.subject,
            "se_pr": orjson.dumps(dict(event.attributes)).decode() if event.attributes else None,
            "se_va": None if event.value is None else as_text(event.value),
        }

    def _self_describing(self, event: RecordedEvent) -> str:
        data = AnalyticsEvent.to_wire(event)
        return _encoded(SELF_DESCRIBING, {"schema": self._settings.event_schema, "data": data})

    def _contexts(self, event: RecordedEvent) -> str | None:
        """The event's context and attributes, for which page views have no other place."""
        schema = self._settings.context_schema
        if schema is None:
            return None
        wire = AnalyticsEvent.to_wire(event)
        data = {name: wire[name] for name in ("context", "attributes") if name in wire}
        return _encoded(CONTEXTS, [{"schema": schema, "data": data}])


def _encoded(schema: str, data: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps({"schema": schema, "data": data})).decode()


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def _is_uuid(session_id: str | None) -> bool:
    try:
        return bool(UUID(session_id or ""))
    except ValueError:
        return False


backend = SnowplowAnalyticsApi
