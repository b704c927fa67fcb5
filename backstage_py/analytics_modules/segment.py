"""Segment and compatible services, such as RudderStack: `app.analytics.segment`.

Source: the HTTP Tracking API
(https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/), `/v1/batch`.
"""

from collections.abc import Sequence
from typing import Any, Self

import httpx
import orjson
from pydantic import Field, SecretStr, model_validator

from backstage_py.analytics import (
    CannotEraseError,
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
from backstage_py.analytics_modules._categories import category_of, is_page_view, path_of

HOST = "https://api.segment.io"
PUBLIC_API = "https://api.segmentapis.com"
BATCH_BYTES = 500_000
EVENT_BYTES = 32_000
_ENVELOPE_BYTES = 200
NO_IP = "0.0.0.0"  # ruff: ignore[hardcoded-bind-all-interfaces]


class SegmentSettings(ToolSettings):
    """The keys of `app.analytics.segment`."""

    write_key: SecretStr = Field(
        min_length=1, description="the source's write key, out of the environment"
    )
    host: HttpAddress = Field(HOST, description="the address of the API, as https://host")
    public_api_token: SecretStr | None = Field(
        None, description="a token of the Public API, out of the environment"
    )
    public_api: HttpAddress = Field(PUBLIC_API, description="the address of the Public API")
    mask_ip: bool = Field(
        False, alias="maskIP", description="true to name 0.0.0.0 as the visitor's address"
    )
    app_version: RequiredText | None = Field(None, description="the version of the app")
    backstage_version: RequiredText | None = Field(None, description="the version of the framework")

    @model_validator(mode="before")
    @classmethod
    def _need_no_key_to_test(cls, given: Any) -> Any:
        is_test = isinstance(given, dict) and given.get("testMode") is True
        return {"writeKey": "none", **given} if is_test else given

    @property
    def versions(self) -> dict[str, str]:
        """The versions that every event includes."""
        given = {"appVersion": self.app_version, "backstageVersion": self.backstage_version}
        return {name: version for name, version in given.items() if version}


class SegmentAnalyticsApi(HttpAnalyticsApi):
    """Sends `page` for page views, `track` for other events; ids are `messageId`s.

    An action `identify` of a user who may be identified is an `identify`, as in Backstage's module.
    """

    max_events = 2_500
    max_bytes = BATCH_BYTES - _ENVELOPE_BYTES
    max_event_bytes = EVENT_BYTES

    def __init__(
        self, settings: SegmentSettings, *, base_url: str | None = None, clock: Clock = utc_now
    ) -> None:
        super().__init__(settings, clock=clock)
        self._address = f"{settings.host.rstrip('/')}/v1/batch"
        self._authorization = httpx.BasicAuth(settings.write_key.get_secret_value(), "")
        self._base_url = (base_url or "").rstrip("/")
        token = settings.public_api_token
        self._public_api_token = None if token is None else token.get_secret_value()
        self._public_api = settings.public_api.rstrip("/")
        self._versions = settings.versions
        self._context = {"context": {"ip": NO_IP}} if settings.mask_ip else {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        base_url = config.whole.get_optional_string("app.baseUrl")
        return cls(SegmentSettings.from_config(config), base_url=base_url)

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `batch`."""
        user = {} if event.user is None else {"userId": event.user}
        return orjson.dumps(
            {
                **self._call(event),
                "messageId": event.id,
                "timestamp": format_time(event.timestamp),
                "anonymousId": event.session_id or event.id,
                **user,
                **self._context,
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A batch."""
        sent_at = format_time(self._clock()).encode()
        content = b'{"batch":' + json_list(batch) + b',"sentAt":"' + sent_at + b'"}'
        return next(self._authorization.auth_flow(self.post(self._address, content)))

    def erase_user(self, user: str) -> None:
        """Ask Segment to delete a user everywhere; later events are still accepted.

        Source: the Public API
        (https://docs.segmentapis.com/tag/Deletion-and-Suppression), `DELETE_ONLY`.

        Raises:
            CannotEraseError: Without a `publicApiToken`.
            DeliveryError: If it did not work.
        """
        if self._public_api_token is None:
            raise CannotEraseError("Segment erases only with a publicApiToken")
        regulation = {
            "regulationType": "DELETE_ONLY",
            "subjectType": "USER_ID",
            "subjectIds": [user],
        }
        self.ask(
            self.client.build_request(
                "POST",
                f"{self._public_api}/regulations",
                json=regulation,
                headers={"Authorization": f"Bearer {self._public_api_token}"},
            )
        )

    def _call(self, event: RecordedEvent) -> dict[str, Any]:
        if event.action == "identify" and event.user is not None:
            return {"type": "identify", "traits": self._versions}
        facts: dict[str, Any] = {
            "subject": event.subject,
            "category": category_of(event),
            "attributes": dict(event.attributes or {}),
            "context": {**event.context, **self._versions},
        }
        if event.value is not None:
            facts["value"] = event.value
        if not is_page_view(event):
            return {"type": "track", "event": event.action, "properties": facts}
        location = {"url": f"{self._base_url}{event.subject}"} if self._base_url else {}
        properties = {**facts, "path": path_of(event.subject), **location, **self._versions}
        return {"type": "page", "name": path_of(event.subject), "properties": properties}


backend = SegmentAnalyticsApi
