"""Umami: `app.analytics.umami`.

Source: Umami's `POST /api/batch` (https://umami.is/docs/api/sending-stats), and its schema of
a payload with the lengths of its columns.
"""

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import orjson
from pydantic import Field

from backstage_py.analytics import (
    Config,
    DeliveryError,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RequiredText,
    RetryLaterError,
    ToolSettings,
    Verdicts,
    json_list,
    json_of,
    refused_at,
)
from backstage_py.analytics_modules._categories import is_page_view
from backstage_py.analytics_modules._clients import USER_AGENT
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import cut, cut_facts

HOST = "https://cloud.umami.is"
NAME_CHARACTERS = 50
ID_CHARACTERS = 50
URL_CHARACTERS = 500
HOST_CHARACTERS = 100
FACTS = 50
TEXT_BYTES = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Characters that a name must not begin with, since a spreadsheet reads them as a formula."""
_SERVER_ERROR = 500


class UmamiSettings(ToolSettings):
    """The keys of `app.analytics.umami`."""

    website_id: RequiredText = Field(description="the id of the website, a UUID")
    host: HttpAddress = Field(HOST, description="the address of Umami, as https://host")


class UmamiAnalyticsApi(HttpAnalyticsApi):
    """Sends batches; a page view has no name, every other event has that of its action."""

    max_events = 100
    counts_twice = True

    def __init__(self, settings: UmamiSettings, base_url: str) -> None:
        super().__init__(settings)
        self._address = f"{settings.host.rstrip('/')}/api/batch"
        self._website = settings.website_id
        self._hostname = cut(urlsplit(base_url).hostname or "", HOST_CHARACTERS, "The host")
        self._pages = Pages("")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(UmamiSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of the list."""
        visitor = event.user or event.session_id or event.id
        payload: dict[str, Any] = {
            "website": self._website,
            "hostname": self._hostname,
            "url": cut(self._pages.address_of(event), URL_CHARACTERS, "The address of a page"),
            "id": visitor[:ID_CHARACTERS],
            "timestamp": int(event.timestamp.timestamp()),
            "data": cut_facts(facts_of(event), keys=FACTS, name=TEXT_BYTES, value=TEXT_BYTES),
        }
        if not is_page_view(event):
            payload["name"] = _name(event.action)
        return orjson.dumps({"type": "event", "payload": payload})

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The list."""
        return self.post(self._address, json_list(batch), User_Agent=USER_AGENT)

    def read_answer(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """Umami answers 200 and names the events that it did not accept."""
        verdicts: dict[str, DeliveryError] = {}
        for one in json_of(response).get("details") or ():
            verdicts |= _verdict(one, batch)
        return verdicts


def _name(action: str) -> str:
    name = f"_{action}" if action.startswith(_FORMULA) else action
    return cut(name, NAME_CHARACTERS, f"The action {action}")


def _verdict(refusal: dict[str, Any], batch: Sequence[Encoded]) -> Verdicts:
    """Server errors, and a website that does not exist yet, are temporary."""
    said = (refusal.get("response") or {}).get("error") or {}
    reason = f"Umami: {said.get('message')}"
    verdicts = refused_at(batch, refusal.get("index"), reason)
    if said.get("status", 0) >= _SERVER_ERROR or "Website not found" in reason:
        return {id_: RetryLaterError(reason) for id_ in verdicts}
    return verdicts


backend = UmamiAnalyticsApi
