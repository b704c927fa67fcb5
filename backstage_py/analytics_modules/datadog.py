"""Datadog: `app.analytics.datadog`.

With an `apiKey` the server sends logs (https://docs.datadoghq.com/api/latest/logs/send-logs/);
otherwise, and with `tag: true`, the RUM Browser SDK sends views and actions
(https://docs.datadoghq.com/real_user_monitoring/browser/).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

import httpx
import orjson
from pydantic import Field, SecretStr, model_validator

from backstage_py.analytics import (
    AnalyticsApi,
    BrowserAnalyticsApi,
    BrowserTag,
    Clock,
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RequiredText,
    ToolSettings,
    format_time,
    json_list,
    utc_now,
)
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import cut_facts

EVENTS = 1_000
BATCH_BYTES = 5_000_000
EVENT_BYTES = 1_000_000
OLDEST = timedelta(hours=18)
FACTS = 200
TEXT_BYTES = 25_600
_CDN = "https://www.datadoghq-browser-agent.com"
_REGIONS: Mapping[str, str | None] = {
    "datadoghq.com": "us1",
    "us3.datadoghq.com": "us3",
    "us5.datadoghq.com": "us5",
    "datadoghq.eu": "eu1",
    "ap1.datadoghq.com": "ap1",
    "ap2.datadoghq.com": "ap2",
    "ddog-gov.com": None,
}
"""The name of each site's part of the CDN; the government's site has none."""


class DatadogSettings(ToolSettings):
    """The keys of `app.analytics.datadog`; the client token is public."""

    site: Literal[
        "datadoghq.com",
        "us3.datadoghq.com",
        "us5.datadoghq.com",
        "datadoghq.eu",
        "ap1.datadoghq.com",
        "ap2.datadoghq.com",
        "ddog-gov.com",
    ] = Field("datadoghq.com", description="a site of Datadog, as datadoghq.eu")
    service: RequiredText = Field("backstage_py", description="the name of the service")
    env: RequiredText | None = Field(None, description="the environment, as prod")
    version: RequiredText | None = Field(None, description="the version of the app")
    api_key: SecretStr | None = Field(None, description="an API key, out of the environment")
    intake: HttpAddress | None = Field(
        None, description="the address of the logs intake, as https://host"
    )
    application_id: RequiredText | None = Field(None, description="the id of the RUM application")
    client_token: RequiredText | None = Field(None, description="the RUM application's token")
    session_sample_rate: float = Field(100, ge=0, le=100, description="a percentage")
    session_replay_sample_rate: float = Field(0, ge=0, le=100, description="a percentage")
    script_src: RequiredText | None = Field(None, description="the address of the SDK's script")
    tag: bool | None = Field(None, description="true to send with the SDK in the browser")

    @model_validator(mode="after")
    def _require_transport(self) -> Self:
        if self.has_tag and not (self.application_id and self.client_token):
            raise ValueError(
                "Give apiKey to send from the server, or applicationId and clientToken for RUM"
            )
        if self.tag is False and self.api_key is None:
            raise ValueError("Give apiKey, or let the tag send")
        return self

    @property
    def has_tag(self) -> bool:
        """Whether the SDK is loaded; by default if the server cannot send."""
        return self.api_key is None if self.tag is None else self.tag


class DatadogAnalyticsApi(HttpAnalyticsApi):
    """Sends events as logs with Datadog's standard attributes."""

    max_events = EVENTS
    max_bytes = BATCH_BYTES - 2
    max_event_bytes = EVENT_BYTES
    oldest = OLDEST
    counts_twice = True

    def __init__(
        self, settings: DatadogSettings, key: SecretStr, base_url: str, *, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        intake = settings.intake or f"https://http-intake.logs.{settings.site}"
        self._address = f"{intake.rstrip('/')}/api/v2/logs"
        self._key = key.get_secret_value()
        tags = {"env": settings.env, "version": settings.version}
        given = ",".join(f"{name}:{value}" for name, value in tags.items() if value)
        self._common = {
            "ddsource": "backstage_py",
            "service": settings.service,
            **({"ddtags": given} if given else {}),
        }
        self._pages = Pages(base_url)
        if settings.has_tag:
            self.browser_tag = _tag(settings)

    @classmethod
    def from_config(cls, config: Config) -> AnalyticsApi:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        settings = DatadogSettings.from_config(config)
        if settings.api_key is None:
            return BrowserAnalyticsApi(_tag(settings))
        return cls(settings, settings.api_key, base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One log."""
        user = {} if event.user is None else {"usr": {"id": event.user}}
        facts = cut_facts(facts_of(event), keys=FACTS, name=TEXT_BYTES, value=TEXT_BYTES)
        log: dict[str, Any] = {
            **self._common,
            "message": f"{event.action} {event.subject}"[:TEXT_BYTES],
            "status": "info",
            "timestamp": format_time(event.timestamp),
            "evt": {"id": event.id, "name": event.action},
            "session_id": event.session_id,
            **user,
            "http": {"url": self._pages.address_of(event)},
            "backstage": facts,
        }
        return orjson.dumps(log)

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A list of logs."""
        return self.post(self._address, json_list(batch), DD_API_KEY=self._key)


def _tag(settings: DatadogSettings) -> BrowserTag:
    public = settings.model_dump(
        by_alias=True, mode="json", exclude={"api_key", "intake", "tag", "script_src"}
    )
    region = _REGIONS[settings.site]
    script = f"{_CDN}/{region}/v6/datadog-rum.js" if region else f"{_CDN}/datadog-rum-v6.js"
    public["scriptSrc"] = settings.script_src or script
    *parts, domain, ending = settings.site.split(".")
    intake = f"https://browser-intake-{'-'.join([*parts, domain])}.{ending}"
    return BrowserTag(Path(__file__).parent / "tags" / "datadog.js", public, (_CDN, intake))


backend = DatadogAnalyticsApi
