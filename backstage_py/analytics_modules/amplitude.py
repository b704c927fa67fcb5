"""Amplitude: `app.analytics.amplitude`.

Source: the Batch Event Upload API
(https://amplitude.com/docs/apis/analytics/batch-event-upload), and for its responses
https://amplitude.com/docs/apis/analytics/http-api-batching-retries.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Self
from uuid import UUID

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
    NotTriedError,
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
from backstage_py.analytics_modules._texts import cut_bytes, cut_facts

HOST = "https://api2.amplitude.com"
APP_HOST = "https://amplitude.com"
EVENTS = 1_000
BATCH_BYTES = 5_000_000
"""The maximum size of a batch: a quarter of what Amplitude accepts."""
EVENT_BYTES = 1_000_000
FACTS = 1_000
TEXT_BYTES = 1_024
PAGE_VIEW = "[Amplitude] Page Viewed"
NO_SESSION = -1
_TIME_ORDERED = 7
_BY_FIELD = (
    "events_with_invalid_fields",
    "events_with_missing_fields",
    "events_with_invalid_id_lengths",
)


class AmplitudeSettings(ToolSettings):
    """The keys of `app.analytics.amplitude`."""

    api_key: SecretStr = Field(
        min_length=1, description="the project's API key, out of the environment"
    )
    host: HttpAddress = Field(HOST, description="the address of the API, as https://host")
    secret_key: SecretStr | None = Field(
        None, description="the project's secret key, out of the environment"
    )
    app_host: HttpAddress = Field(APP_HOST, description="the address of the User Privacy API")


class AmplitudeAnalyticsApi(HttpAnalyticsApi):
    """Sends batches; an event sent twice within a week counts once, by its `insert_id`."""

    max_events = EVENTS
    max_bytes = BATCH_BYTES
    max_event_bytes = EVENT_BYTES

    def __init__(self, settings: AmplitudeSettings, base_url: str) -> None:
        super().__init__(settings)
        self._address = f"{settings.host.rstrip('/')}/batch"
        self._api_key = settings.api_key.get_secret_value()
        self._base_url = base_url
        secret = settings.secret_key
        self._secret_key = None if secret is None else secret.get_secret_value()
        self._app_host = settings.app_host.rstrip("/")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(AmplitudeSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `events`."""
        is_view = is_page_view(event)
        user = {} if event.user is None else {"user_id": event.user}
        return orjson.dumps(
            {
                "event_type": PAGE_VIEW if is_view else event.action,
                **user,
                "device_id": event.session_id or event.id,
                "session_id": _session_start(event.session_id),
                "time": int(event.timestamp.timestamp() * 1000),
                "insert_id": event.id,
                "library": "backstage_py",
                "event_properties": self._properties(event) if is_view else _facts(event),
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A batch; short ids are allowed."""
        key = orjson.dumps(self._api_key)
        head = b'{"api_key":' + key + b',"options":{"min_id_length":1},"events":'
        return self.post(self._address, head + json_list(batch) + b"}")

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """A 400 names the invalid events; Amplitude has accepted none of the others."""
        verdicts: dict[str, DeliveryError] = {}
        for index, reason in _refusals(json_of(response)):
            verdicts |= refused_at(batch, index, f"Amplitude: {reason}")
        if not verdicts:
            return {}
        return {one.event.id: verdicts.get(one.event.id, NotTriedError()) for one in batch}

    def erase_user(self, user: str) -> None:
        """Ask Amplitude to delete a user with the events; it takes up to 30 days.

        Source: the User Privacy API
        (https://amplitude.com/docs/apis/analytics/user-privacy), `deletions`.

        Raises:
            CannotEraseError: Without a `secretKey`.
            DeliveryError: If it did not work.
        """
        if self._secret_key is None:
            raise CannotEraseError("Amplitude erases only with a secretKey")
        request = self.client.build_request(
            "POST",
            f"{self._app_host}/api/2/deletions/users",
            json={"user_ids": [user], "requester": "backstage_py", "ignore_invalid_id": "true"},
        )
        self.ask(next(httpx.BasicAuth(self._api_key, self._secret_key).auth_flow(request)))

    def _properties(self, event: RecordedEvent) -> dict[str, Any]:
        """The properties, with the names that Amplitude's page charts use."""
        return {
            **_facts(event),
            "[Amplitude] Page Path": cut_bytes(path_of(event.subject), TEXT_BYTES, "A path"),
            "[Amplitude] Page URL": cut_bytes(
                f"{self._base_url}{event.subject}", TEXT_BYTES, "An address"
            ),
        }


def _facts(event: RecordedEvent) -> dict[str, Any]:
    return cut_facts(facts_of(event), keys=FACTS, name=TEXT_BYTES, value=TEXT_BYTES)


def _session_start(session_id: str | None) -> int:
    """Amplitude names a session by its start in milliseconds, which a UUIDv7 begins with."""
    try:
        session = UUID(session_id or "")
    except ValueError:
        return NO_SESSION
    return session.int >> 80 if session.version == _TIME_ORDERED else NO_SESSION


def _refusals(answer: dict[str, Any]) -> Iterator[tuple[object, str]]:
    for kind in _BY_FIELD:
        for field, indices in (answer.get(kind) or {}).items():
            yield from ((index, f"{kind}: {field}") for index in indices)
    for index in answer.get("silenced_events") or ():
        yield index, "its device is blocked"


backend = AmplitudeAnalyticsApi
