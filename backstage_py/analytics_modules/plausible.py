"""Plausible: `app.analytics.plausible`.

Source: the events API (https://plausible.io/docs/events-api), `POST /api/event`, which accepts one
    event per request, without its time or user.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Self

import httpx
import orjson
from pydantic import Field

from backstage_py.analytics import (
    Clock,
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RequiredText,
    ToolSettings,
    Verdicts,
    refused_at,
    utc_now,
)
from backstage_py.analytics_modules._categories import is_page_view
from backstage_py.analytics_modules._clients import USER_AGENT, address_of_visitor
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import as_text, cut, cut_bytes, cut_facts

HOST = "https://plausible.io"
NAME_CHARACTERS = 120
URL_BYTES = 2_000
PROPERTIES = 30
KEY_BYTES = 300
VALUE_BYTES = 2_000
OLDEST = timedelta(hours=24)
"""The maximum age of an event: Plausible dates it on arrival, so later the day is wrong."""
_RESERVED = frozenset({"engagement", "pageview"})


class PlausibleSettings(ToolSettings):
    """The keys of `app.analytics.plausible`."""

    domain: RequiredText = Field(description="the site's domain, as Plausible has it")
    host: HttpAddress = Field(HOST, description="the address of Plausible, as https://host")


class PlausibleAnalyticsApi(HttpAnalyticsApi):
    """Sends events one by one; visitors are distinguished by their sessions."""

    max_events = 1
    oldest = OLDEST
    counts_twice = True

    def __init__(
        self, settings: PlausibleSettings, base_url: str, *, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        self._address = f"{settings.host.rstrip('/')}/api/event"
        self._domain = settings.domain
        self._pages = Pages(base_url)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(PlausibleSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """The body of a request."""
        facts = {name: as_text(value) for name, value in facts_of(event).items()}
        return orjson.dumps(
            {
                "name": _name(event),
                "domain": self._domain,
                "url": cut_bytes(self._pages.address_of(event), URL_BYTES, "The address of a page"),
                "props": cut_facts(facts, keys=PROPERTIES, name=KEY_BYTES, value=VALUE_BYTES),
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The one event."""
        (one,) = batch
        visitor = address_of_visitor(one.event)
        return self.post(self._address, one.content, User_Agent=USER_AGENT, X_Forwarded_For=visitor)

    def read_answer(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """Plausible answers 202 to events it drops, and says so in a header."""
        if response.headers.get("x-plausible-dropped", "0") == "0":
            return {}
        return refused_at(batch, 0, "Plausible dropped it: its filters of the site, or a quota")


def _name(event: RecordedEvent) -> str:
    if is_page_view(event):
        return "pageview"
    name = f"action_{event.action}" if event.action in _RESERVED else event.action
    return cut(name, NAME_CHARACTERS, f"The action {event.action}")


backend = PlausibleAnalyticsApi
