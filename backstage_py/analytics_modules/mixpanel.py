"""Mixpanel: `app.analytics.mixpanel`.

Source: the Import API (https://developer.mixpanel.com/reference/import-events), strict, and
its errors (https://docs.mixpanel.com/troubleshooting/errors/400-bad-request).
"""

from collections.abc import Sequence
from typing import Any, Self

import httpx
import orjson
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    CannotEraseError,
    Config,
    DeliveryError,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    ToolSettings,
    Verdicts,
    json_list,
    json_of,
    refused_at,
)
from backstage_py.analytics_modules._categories import is_page_view, path_of
from backstage_py.analytics_modules._names import facts_of
from backstage_py.analytics_modules._pages import base_url_of
from backstage_py.analytics_modules._texts import cut, cut_facts

HOST = "https://api.mixpanel.com"
APP_HOST = "https://mixpanel.com"
EVENTS = 2_000
BATCH_BYTES = 10_000_000
EVENT_BYTES = 1_000_000
FACTS = 240
"""The maximum number of our properties, of 255; the others are Mixpanel's own."""
TEXT_BYTES = 255
PAGE_VIEW = "$mp_web_page_view"


class MixpanelSettings(ToolSettings):
    """The keys of `app.analytics.mixpanel`."""

    token: SecretStr = Field(
        min_length=1, description="the project's token, out of the environment"
    )
    host: HttpAddress = Field(HOST, description="the address of the API, as https://host")
    erasure_token: SecretStr | None = Field(
        None, description="a token of the GDPR API, out of the environment"
    )
    app_host: HttpAddress = Field(APP_HOST, description="the address of the GDPR API")


class MixpanelAnalyticsApi(HttpAnalyticsApi):
    """Imports events in batches; one sent twice counts once, by its `$insert_id`."""

    max_events = EVENTS
    max_bytes = BATCH_BYTES - 2
    max_event_bytes = EVENT_BYTES

    def __init__(self, settings: MixpanelSettings, base_url: str) -> None:
        super().__init__(settings)
        self._token = settings.token.get_secret_value()
        self._address = f"{settings.host.rstrip('/')}/import?strict=1"
        self._authorization = httpx.BasicAuth(self._token, "")
        self._base_url = base_url
        erasure = settings.erasure_token
        self._erasure_token = None if erasure is None else erasure.get_secret_value()
        self._app_host = settings.app_host.rstrip("/")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(MixpanelSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of the list."""
        is_view = is_page_view(event)
        name = PAGE_VIEW if is_view else cut(event.action, TEXT_BYTES, "An action")
        properties: dict[str, Any] = {
            "time": int(event.timestamp.timestamp() * 1000),
            "$insert_id": event.id,
            **_identity(event),
            **cut_facts(facts_of(event), keys=FACTS, name=TEXT_BYTES, value=TEXT_BYTES),
        }
        if is_view:
            properties["current_url_path"] = path_of(event.subject)
            properties["$current_url"] = f"{self._base_url}{event.subject}"
        return orjson.dumps({"event": name, "properties": properties})

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The list, with the token as the name of a user."""
        request = self.post(self._address, json_list(batch))
        return next(self._authorization.auth_flow(request))

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """A 400 names the invalid events; Mixpanel has accepted the others."""
        verdicts: dict[str, DeliveryError] = {}
        for record in json_of(response).get("failed_records") or ():
            reason = f"Mixpanel: {record.get('field')}: {record.get('message')}"
            verdicts |= refused_at(batch, record.get("index"), reason)
        return verdicts

    def erase_user(self, user: str) -> None:
        """Ask Mixpanel to delete a user with the events; it takes up to 30 days.

        Source: the GDPR API (https://developer.mixpanel.com/reference/create-deletion).

        Raises:
            CannotEraseError: Without an `erasureToken`.
            DeliveryError: If it did not work.
        """
        if self._erasure_token is None:
            raise CannotEraseError("Mixpanel erases only with an erasureToken")
        self.ask(
            self.client.build_request(
                "POST",
                f"{self._app_host}/api/app/data-deletions/v3.0/",
                params={"token": self._token},
                json={"distinct_ids": [user], "compliance_type": "GDPR"},
                headers={"Authorization": f"Bearer {self._erasure_token}"},
            )
        )


def _identity(event: RecordedEvent) -> dict[str, str]:
    """The ids of Mixpanel's simplified id merge; a session is a device."""
    device = event.session_id or event.id
    if event.user is None:
        return {"distinct_id": f"$device:{device}", "$device_id": device}
    return {"distinct_id": event.user, "$device_id": device, "$user_id": event.user}


backend = MixpanelAnalyticsApi
