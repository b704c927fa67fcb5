"""New Relic: `app.analytics.newRelic`.

The keys are those of `@backstage-community/plugin-analytics-module-newrelic-browser`: its
browser agent gets the events. With an `ingestKey` the server sends them instead, by the Event
API (https://docs.newrelic.com/docs/data-apis/ingest-apis/event-api).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Self

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
    Scalar,
    SettingsModel,
    ToolSettings,
    json_list,
    utc_now,
)
from backstage_py.analytics_modules._categories import is_page_view
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import as_text, cut_facts

AGENT = "https://js-agent.newrelic.com/nr-loader-spa-current.min.js"
COLLECTORS: Mapping[str, str] = {
    "bam.nr-data.net": "https://insights-collector.newrelic.com",
    "bam-cell.nr-data.net": "https://insights-collector.newrelic.com",
    "bam.eu01.nr-data.net": "https://insights-collector.eu01.nr-data.net",
    "bam.jp.nr-data.net": "https://insights-collector.jp.nr-data.net",
    "bam.jp01.nr-data.net": "https://insights-collector.jp.nr-data.net",
    "gov-bam.nr-data.net": "https://gov-insights-collector.newrelic.com",
}
"""The Event API of each region, by the endpoint of its agents.

Source: https://docs.newrelic.com/docs/new-relic-solutions/get-started/networks/, and for the
government's https://docs.newrelic.com/docs/security/security-privacy/compliance/fedramp-compliant-endpoints/.
"""
EVENTS = 2_000
BODY_BYTES = 1_000_000
ATTRIBUTES = 254
NAME_BYTES = 255
VALUE_BYTES = 4_096
OLDEST = timedelta(hours=48)
"""The maximum age of an event; New Relic answers "success" to older ones and drops them."""


class SessionReplay(SettingsModel):
    """The agent's session replay."""

    enabled: bool = Field(False, description="true or false")
    sampling_rate: float = Field(0, ge=0, le=100, description="a percentage")
    error_sampling_rate: float = Field(100, ge=0, le=100, description="a percentage")
    mask_text_selector: RequiredText | None = Field(None, description="a CSS selector")
    mask_all_inputs: bool = Field(True, description="true or false")
    collect_fonts: bool = Field(True, description="true or false")
    block_selector: RequiredText | None = Field(None, description="a CSS selector")


class NewRelicSettings(ToolSettings):
    """The keys of `app.analytics.newRelic`; the licence key of a browser agent is public."""

    endpoint: RequiredText = Field(description="the agent's host, as bam.nr-data.net")
    account_id: RequiredText = Field(description="the number of the account, in quotes")
    application_id: RequiredText = Field(description="the number of the application, in quotes")
    license_key: RequiredText = Field(description="the browser agent's key")
    distributed_tracing_enabled: bool = Field(False, description="true or false")
    cookies_enabled: bool = Field(False, description="true or false")
    session_replay: SessionReplay = Field(
        default_factory=lambda: SessionReplay.model_validate({}),
        description="an object with enabled",
    )
    script_src: RequiredText = Field(AGENT, description="the address of the agent's script")
    ingest_key: SecretStr | None = Field(
        None, description="a key of the Event API, out of the environment"
    )
    collector: HttpAddress | None = Field(
        None, description="the address of the Event API, as https://host"
    )
    tag: bool | None = Field(None, description="true to send with the agent in the browser")

    @model_validator(mode="after")
    def _require_transport(self) -> Self:
        if self.tag is False and self.ingest_key is None:
            raise ValueError("Give ingestKey, or let the agent send")
        if self.ingest_key is not None and not (self.collector or self.endpoint in COLLECTORS):
            raise ValueError(
                f"The endpoint {self.endpoint} is in no known region: give collector, "
                "the address of the Event API, too"
            )
        return self


class NewRelicAnalyticsApi(HttpAnalyticsApi):
    """Sends custom events by the Event API."""

    max_events = EVENTS
    max_bytes = BODY_BYTES - 2
    max_event_bytes = BODY_BYTES // 2
    oldest = OLDEST

    def __init__(
        self, settings: NewRelicSettings, key: SecretStr, base_url: str, *, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        collector = settings.collector or COLLECTORS[settings.endpoint]
        self._address = f"{collector.rstrip('/')}/v1/accounts/{settings.account_id}/events"
        self._key = key.get_secret_value()
        self._pages = Pages(base_url)
        if settings.tag:
            self.browser_tag = _tag(settings)

    @classmethod
    def from_config(cls, config: Config) -> AnalyticsApi:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        settings = NewRelicSettings.from_config(config)
        if settings.ingest_key is None:
            return BrowserAnalyticsApi(_tag(settings))
        return cls(settings, settings.ingest_key, base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One flat object of the list."""
        is_view = is_page_view(event)
        facts: dict[str, Scalar | None] = {
            "eventType": "BackstagePageView" if is_view else "BackstagePageAction",
            "timestamp": int(event.timestamp.timestamp() * 1000),
            "eventId": event.id,
            "actionName": event.action,
            "session": event.session_id,
            "enduser.id": event.user,
            "currentUrl": self._pages.address_of(event),
            **facts_of(event, "."),
        }
        return orjson.dumps(_within_limits(facts))

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The list."""
        return self.post(self._address, json_list(batch), Api_Key=self._key)


def _within_limits(facts: Mapping[str, Scalar | None]) -> dict[str, Scalar]:
    """The values as numbers and texts; names and texts that are too long are cut."""
    given = {name: value for name, value in facts.items() if value is not None}
    plain = {
        name: as_text(value) if isinstance(value, bool) else value for name, value in given.items()
    }
    return cut_facts(plain, keys=ATTRIBUTES, name=NAME_BYTES, value=VALUE_BYTES)


def _tag(settings: NewRelicSettings) -> BrowserTag:
    public = settings.model_dump(
        by_alias=True, mode="json", exclude={"ingest_key", "collector", "tag"}
    )
    hosts = (settings.endpoint, "https://*.newrelic.com", "https://*.nr-data.net")
    return BrowserTag(Path(__file__).parent / "tags" / "new_relic.js", public, hosts)


backend = NewRelicAnalyticsApi
