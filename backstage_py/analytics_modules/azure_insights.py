"""Azure Monitor Application Insights: `app.analytics.azureInsights`.

Source: its ingestion endpoint `/v2.1/track` and the schemas of its telemetry
(https://github.com/microsoft/ApplicationInsights-Home, EndpointSpecs/Schemas).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Self

import httpx
import orjson
from pydantic import Field, SecretStr, field_validator

from backstage_py import __version__
from backstage_py.analytics import (
    Clock,
    Config,
    DeliveryError,
    Encoded,
    HttpAnalyticsApi,
    RecordedEvent,
    RequiredText,
    RetryLaterError,
    ToolSettings,
    Verdicts,
    format_time,
    json_list,
    json_of,
    refused_at,
    utc_now,
)
from backstage_py.analytics_modules._categories import is_page_view, path_of
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import base_url_of
from backstage_py.analytics_modules._texts import as_text, cut, cut_facts

ENDPOINT = "https://dc.services.visualstudio.com"
"""The endpoint of a connection string without an `IngestionEndpoint`."""
PATH = "/v2.1/track"
EVENTS = 500
BATCH_BYTES = 1_000_000
EVENT_BYTES = 64_000
OLDEST = timedelta(hours=48)
FACTS = 100
NAME_CHARACTERS = 512
KEY_BYTES = 150
VALUE_BYTES = 8_192
URL_CHARACTERS = 2_048
USER_CHARACTERS = 128
SESSION_CHARACTERS = 64
THROTTLED = frozenset({402, 439})
"""The status of an exhausted quota, which a new day or plan restores."""
_SERVER_ERROR = 500


class AzureInsightsSettings(ToolSettings):
    """The keys of `app.analytics.azureInsights`."""

    connection_string: SecretStr = Field(
        description="the resource's connection string, out of the environment"
    )
    role_name: RequiredText = Field("backstage_py", description="the name of the app in Azure")

    @field_validator("connection_string")
    @classmethod
    def _require_key(cls, value: SecretStr) -> SecretStr:
        if "instrumentationkey" not in _parts(value.get_secret_value()):
            raise ValueError(
                "Use a text such as InstrumentationKey=...;IngestionEndpoint=https://..."
            )
        return value

    def secrets(self) -> Iterator[str]:
        """The text, and the key in it."""
        text = self.connection_string.get_secret_value()
        yield from (text, _parts(text)["instrumentationkey"])


class AzureInsightsAnalyticsApi(HttpAnalyticsApi):
    """Sends page views as PageViewData and all other events as EventData."""

    max_events = EVENTS
    max_bytes = BATCH_BYTES
    max_event_bytes = EVENT_BYTES
    oldest = OLDEST
    counts_twice = True
    retried_status = HttpAnalyticsApi.retried_status | THROTTLED

    def __init__(
        self, settings: AzureInsightsSettings, base_url: str, *, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        parts = _parts(settings.connection_string.get_secret_value())
        self._key = parts["instrumentationkey"]
        self._address = f"{parts.get('ingestionendpoint', ENDPOINT).rstrip('/')}{PATH}"
        self._role = settings.role_name
        self._base_url = base_url

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(AzureInsightsSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One envelope."""
        is_view = is_page_view(event)
        kind = "PageView" if is_view else "Event"
        data = self._page_view(event) if is_view else _data(event, event.action)
        return orjson.dumps(
            {
                "name": f"Microsoft.ApplicationInsights.{kind}",
                "time": format_time(event.timestamp),
                "iKey": self._key,
                "tags": self._tags(event),
                "data": {"baseType": f"{kind}Data", "baseData": data},
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A list of envelopes."""
        return self.post(self._address, json_list(batch))

    def read_answer(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """A 206 names the envelopes that were not accepted."""
        return self._verdicts(response, batch)

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """A 400 does too, if none was accepted."""
        return self._verdicts(response, batch)

    def _verdicts(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        verdicts: dict[str, DeliveryError] = {}
        for error in json_of(response).get("errors") or ():
            status = error.get("statusCode", 0)
            reason = f"Application Insights: {status} {error.get('message')}"
            named = refused_at(batch, error.get("index"), reason)
            may_pass = status >= _SERVER_ERROR or status in self.retried_status
            verdicts |= {id_: RetryLaterError(reason) for id_ in named} if may_pass else named
        return verdicts

    def _page_view(self, event: RecordedEvent) -> dict[str, Any]:
        url = cut(f"{self._base_url}{event.subject}", URL_CHARACTERS, "The address of a page")
        return {**_data(event, path_of(event.subject)), "url": url, "id": event.id}

    def _tags(self, event: RecordedEvent) -> dict[str, str]:
        session = event.session_id or event.id
        user = {} if event.user is None else {"ai.user.authUserId": event.user}
        tags = {
            "ai.cloud.role": self._role,
            "ai.internal.sdkVersion": f"py_backstage:{__version__}",
            "ai.session.id": session[:SESSION_CHARACTERS],
            "ai.user.id": session[:USER_CHARACTERS],
            **user,
        }
        return {name: cut(text, 1_024, name) for name, text in tags.items()}


def _data(event: RecordedEvent, name: str) -> dict[str, Any]:
    facts = {key: as_text(value) for key, value in facts_of(event).items() if key != "value"}
    return {
        "ver": 2,
        "name": cut(name, NAME_CHARACTERS, f"The name {name}"),
        "properties": cut_facts(facts, keys=FACTS, name=KEY_BYTES, value=VALUE_BYTES),
        **({} if event.value is None else {"measurements": {"value": event.value}}),
    }


def _parts(connection_string: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in connection_string.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if value.strip()}


backend = AzureInsightsAnalyticsApi
