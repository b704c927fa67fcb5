"""OpenTelemetry: `app.analytics.opentelemetry`, log records with an event name over OTLP/HTTP.

Source: the OTLP specification 1.9 (https://opentelemetry.io/docs/specs/otlp/) and the
semantic conventions for events. The records and their encoding are those of the OpenTelemetry
SDK; its exporter would hide their outcome from delivery.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from google.protobuf.message import DecodeError
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    Config,
    DeliveryError,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RejectedError,
    RequiredText,
    Scalar,
    ToolSettings,
)
from backstage_py.analytics_modules._categories import is_page_view
from backstage_py.analytics_modules._names import prefixed

_logger = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCOPE = InstrumentationScope("backstage_py.analytics")


class OpenTelemetrySettings(ToolSettings):
    """The keys of `app.analytics.opentelemetry`."""

    endpoint: HttpAddress = Field(description="the address of the collector, as https://host:4318")
    headers: Mapping[str, SecretStr] = Field({}, description="an object of headers")
    service_name: RequiredText = Field("backstage_py", description="the name of the service")
    resource_attributes: Mapping[str, Scalar] = Field(
        {}, description="an object of attributes that all events share"
    )

    def secrets(self) -> Any:
        """The values of the headers."""
        return (value.get_secret_value() for value in self.headers.values())


class OpenTelemetryAnalyticsApi(HttpAnalyticsApi):
    """Sends a log record for each event; its `log.record.uid` is the event's id."""

    max_events = 500
    max_bytes = 1_000_000

    def __init__(self, settings: OpenTelemetrySettings) -> None:
        super().__init__(settings)
        self._address = f"{settings.endpoint.rstrip('/')}/v1/logs"
        self._headers = {
            **{name: value.get_secret_value() for name, value in settings.headers.items()},
            "Content-Type": "application/x-protobuf",
        }
        own = {"service.name": settings.service_name, **settings.resource_attributes}
        self._resource = Resource(own)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(OpenTelemetrySettings.from_config(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """A log record of the protocol."""
        logs = self._export(_log_record(event))
        return logs.resource_logs[0].scope_logs[0].log_records[0].SerializeToString()

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """All records under one resource."""
        logs = self._export(LogRecord())
        records = logs.resource_logs[0].scope_logs[0].log_records
        del records[:]
        records.extend(logs_pb2.LogRecord.FromString(one.content) for one in batch)
        return self.client.build_request(
            "POST", self._address, content=logs.SerializeToString(), headers=self._headers
        )

    def read_answer(
        self, response: httpx.Response, batch: Sequence[Encoded]
    ) -> dict[str, DeliveryError]:
        """A collector says how many records it refused, but not which.

        If it refused all, they are rejected; if it refused some, only a warning is logged.
        """
        try:
            answer = ExportLogsServiceResponse.FromString(response.content)
        except DecodeError:
            return {}
        refused = answer.partial_success
        if refused.rejected_log_records or refused.error_message:
            _logger.warning(
                "OpenTelemetry's collector refused %d events: %s",
                refused.rejected_log_records,
                refused.error_message,
            )
        if refused.rejected_log_records < len(batch):
            return {}
        reason = f"The collector refused it: {refused.error_message}"
        return {one.event.id: RejectedError(reason) for one in batch}

    def _export(self, record: LogRecord) -> ExportLogsServiceRequest:
        return encode_logs([ReadableLogRecord(record, self._resource, SCOPE)])


def _log_record(event: RecordedEvent) -> LogRecord:
    return LogRecord(
        timestamp=_nanoseconds(event.timestamp),
        observed_timestamp=_nanoseconds(event.received_at),
        severity_number=SeverityNumber.INFO,
        event_name=f"backstage.{event.action}",
        attributes=_attributes(event),
    )


def _attributes(event: RecordedEvent) -> dict[str, Scalar]:
    facts: dict[str, Scalar | None] = {
        "log.record.uid": event.id,
        "session.id": event.session_id,
        "user.id": event.user,
        "backstage.action": event.action,
        "backstage.subject": event.subject,
        "backstage.value": event.value,
        "backstage.origin": event.origin,
        **prefixed("backstage.attributes.", event.attributes),
        **prefixed("backstage.context.", event.context),
        **_address(event),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _address(event: RecordedEvent) -> dict[str, Scalar]:
    if not is_page_view(event):
        return {}
    try:
        address = urlsplit(event.subject)
    except ValueError:
        return {}
    parts = {
        "url.path": address.path,
        "url.query": address.query,
        "url.fragment": address.fragment,
    }
    return {name: value for name, value in parts.items() if value}


def _nanoseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1_000


backend = OpenTelemetryAnalyticsApi
