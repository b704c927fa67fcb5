"""PostHog: `app.analytics.posthog`.

Source: the capture API (https://posthog.com/docs/api/capture), `/batch/`.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from urllib.parse import quote
from uuid import UUID

import httpx
import orjson
from pydantic import BeforeValidator, Field, SecretStr

from backstage_py.analytics import (
    CannotEraseError,
    Config,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RejectedError,
    RequiredText,
    ToolSettings,
    format_time,
    json_list,
)
from backstage_py.analytics_modules._categories import is_page_view, path_of
from backstage_py.analytics_modules._names import facts_of

HOST = "https://us.i.posthog.com"
BATCH_BYTES = 5_000_000
"""The maximum size of a batch: a quarter of what PostHog accepts."""
EVENT_BYTES = 1_000_000
_TIME_ORDERED = 7
_NOBODY = "matched no person"


def _digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class PostHogSettings(ToolSettings):
    """The keys of `app.analytics.posthog`."""

    api_key: SecretStr = Field(
        min_length=1, description="the project's API key, out of the environment"
    )
    host: HttpAddress = Field(HOST, description="the address of PostHog, as https://host")
    personal_api_key: SecretStr | None = Field(
        None, description="a personal API key that may write persons, out of the environment"
    )
    project_id: Annotated[RequiredText, BeforeValidator(_digits)] | None = Field(
        None, description="the number of the project"
    )
    api_host: HttpAddress | None = Field(None, description="the address of PostHog's private API")


class PostHogAnalyticsApi(HttpAnalyticsApi):
    """Sends batches; an event sent twice counts once, by its `uuid`."""

    max_events = 1_000
    max_bytes = BATCH_BYTES
    max_event_bytes = EVENT_BYTES

    def __init__(self, settings: PostHogSettings, base_url: str | None = None) -> None:
        super().__init__(settings)
        self._address = f"{settings.host.rstrip('/')}/batch/"
        self._key = orjson.dumps(settings.api_key.get_secret_value())
        self._base_url = (base_url or "").rstrip("/")
        key = settings.personal_api_key
        self._personal_key = None if key is None else key.get_secret_value()
        self._project = settings.project_id
        api_host = settings.api_host or settings.host.replace(".i.posthog.com", ".posthog.com")
        self._api_host = api_host.rstrip("/")

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        base_url = config.whole.get_optional_string("app.baseUrl")
        return cls(PostHogSettings.from_config(config), base_url)

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `batch`."""
        return orjson.dumps(
            {
                "event": "$pageview" if is_page_view(event) else event.action,
                "distinct_id": event.user or event.session_id or event.id,
                "properties": self._properties(event),
                "timestamp": format_time(event.timestamp),
                "uuid": event.id,
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A batch."""
        content = b'{"api_key":' + self._key + b',"batch":' + json_list(batch) + b"}"
        return self.post(self._address, content)

    def erase_user(self, user: str) -> None:
        """Delete the person, with the events; PostHog queues it.

        Source: https://posthog.com/docs/api/persons, `bulk_delete`. A key needs `person:write`.

        Raises:
            CannotEraseError: Without `personalApiKey` and `projectId`.
            DeliveryError: If it did not work.
        """
        if self._personal_key is None or self._project is None:
            raise CannotEraseError("PostHog erases only with a personalApiKey and a projectId")
        content = {"distinct_ids": [user], "delete_events": True, "delete_recordings": True}
        path = f"/api/projects/{quote(self._project, safe='')}/persons/bulk_delete/"
        request = self.client.build_request(
            "POST",
            f"{self._api_host}{path}",
            json=content,
            headers={"Authorization": f"Bearer {self._personal_key}"},
        )
        try:
            self.ask(request)
        except RejectedError as error:
            if _NOBODY not in error.reason:
                raise

    def _properties(self, event: RecordedEvent) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "$lib": "backstage_py",
            "$geoip_disable": True,
            **facts_of(event),
        }
        if event.user is None:
            properties["$process_person_profile"] = False
        if _is_time_ordered(event.session_id):
            properties["$session_id"] = event.session_id
        if is_page_view(event):
            properties["$pathname"] = path_of(event.subject)
            if self._base_url:
                properties["$current_url"] = f"{self._base_url}{event.subject}"
        return properties


def _is_time_ordered(session_id: str | None) -> bool:
    """Whether the session's id is a UUIDv7, as PostHog requires."""
    try:
        return UUID(session_id or "").version == _TIME_ORDERED
    except ValueError:
        return False


backend = PostHogAnalyticsApi
