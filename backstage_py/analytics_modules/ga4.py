"""Google Analytics 4: `app.analytics.ga4`.

The keys and the mapping are those of `@backstage-community/plugin-analytics-module-ga4`. With
an `apiSecret` the server sends, by the Measurement Protocol
(https://developers.google.com/analytics/devguides/collection/protocol/ga4); otherwise, and
with `tag: true`, Google's own tag does in the browser.
"""

import logging
import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import islice
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
    Scalar,
    ToolSettings,
    utc_now,
)
from backstage_py.analytics_modules._categories import category_of, is_page_view
from backstage_py.analytics_modules._names import renamed
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import as_text, cut
from backstage_py.analytics_modules._visitors import session_number, visitor_digest

_logger = logging.getLogger(__name__)

ENDPOINT = "https://www.google-analytics.com"
EVENTS = 25
BODY_BYTES = 130_000
PARAMETERS = 25
NAME_CHARACTERS = 40
VALUE_CHARACTERS = 100
LOCATION_CHARACTERS = 1_000
TITLE_CHARACTERS = 300
_LONG = {"page_location": LOCATION_CHARACTERS, "page_title": TITLE_CHARACTERS}
OLDEST = timedelta(hours=72)
ENGAGEMENT_MS = 1
"""The `engagement_time_msec`, without which an event's user does not count as active."""

_EVERYTHING = "*"
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
_ASCII = 128
_RESERVED_PREFIX = re.compile(r"(ga_|google_|firebase_|gtag\.|_)", re.IGNORECASE)
_RESERVED = frozenset({
    "ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure",
    "app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund",
    "app_store_subscription_cancel", "app_store_subscription_convert",
    "app_store_subscription_renew", "app_update", "app_upgrade", "dynamic_link_app_open",
    "dynamic_link_app_update", "dynamic_link_first_open", "error", "firebase_campaign",
    "first_open", "first_visit", "in_app_purchase", "notification_dismiss",
    "notification_foreground", "notification_open", "notification_receive", "os_update",
    "session_start", "session_start_with_rollout", "user_engagement",
})  # fmt: skip
"""Event names that the Measurement Protocol refuses."""


class Ga4Settings(ToolSettings):
    """The keys of `app.analytics.ga4`."""

    measurement_id: RequiredText = Field(description="the id of the data stream, as G-0000000")
    api_secret: SecretStr | None = Field(
        None, description="a secret of the Measurement Protocol, out of the environment"
    )
    endpoint: HttpAddress = Field(
        ENDPOINT, description="the address that events are sent to, as https://host"
    )
    tag: bool | None = Field(None, description="true to send with Google's tag in the browser")
    script_src: RequiredText | None = Field(None, description="the address of the tag's script")
    enable_send_page_view: bool = Field(
        False, description="true for the tag's own page view at load"
    )
    cookie_flags: RequiredText = Field("SameSite=Lax", description="flags of the tag's cookies")
    content_grouping: Literal["pluginId", "extension", "routeRef"] | None = Field(
        None, description="pluginId, extension or routeRef"
    )
    allowed_contexts: tuple[RequiredText, ...] = Field((), description="a list of keys, or ['*']")
    allowed_attributes: tuple[RequiredText, ...] = Field((), description="a list of keys, or ['*']")

    @model_validator(mode="after")
    def _require_transport(self) -> Self:
        if self.tag is False and self.api_secret is None:
            raise ValueError("Give apiSecret, or let the tag send")
        return self


class Ga4AnalyticsApi(HttpAnalyticsApi):
    """Sends events by the Measurement Protocol."""

    max_events = EVENTS
    max_bytes = BODY_BYTES - 1_000
    oldest = OLDEST

    def __init__(
        self,
        settings: Ga4Settings,
        secret: SecretStr,
        *,
        base_url: str,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(settings, clock=clock)
        self._pages = Pages(base_url)
        self._settings = settings
        self._address = f"{settings.endpoint.rstrip('/')}/mp/collect"
        self._query = {
            "measurement_id": settings.measurement_id,
            "api_secret": secret.get_secret_value(),
        }
        if settings.tag:
            self.browser_tag = _tag(settings)

    @classmethod
    def from_config(cls, config: Config) -> AnalyticsApi:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        settings = Ga4Settings.from_config(config)
        if settings.api_secret is None:
            return BrowserAnalyticsApi(_tag(settings))
        return cls(settings, settings.api_secret, base_url=base_url_of(config))

    def group(self, event: RecordedEvent) -> Hashable:
        """The group: a request is for one client and one user."""
        return visitor_digest(event), event.user

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `events`."""
        microseconds = int(event.timestamp.timestamp() * 1_000_000)
        return orjson.dumps(
            {
                "name": "page_view" if is_page_view(event) else event_name(event.action),
                "timestamp_micros": microseconds,
                "params": self._parameters(event),
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The events of one client."""
        event = batch[0].event
        client = {"client_id": _client_id(event)}
        user = {} if event.user is None else {"user_id": event.user}
        head = orjson.dumps({**client, **user, "non_personalized_ads": True})
        events = b",".join(one.content for one in batch)
        return self.client.build_request(
            "POST",
            self._address,
            params=self._query,
            content=head[:-1] + b',"events":[' + events + b"]}",
            headers={"Content-Type": "application/json"},
        )

    def _parameters(self, event: RecordedEvent) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "session_id": session_number(event),
            "engagement_time_msec": ENGAGEMENT_MS,
            "category": category_of(event),
            "label": event.subject,
        }
        if event.value is not None:
            parameters["value"] = event.value
        if event.action == "search":
            parameters["search_term"] = event.subject
        if group := event.context.get(self._settings.content_grouping or ""):
            parameters["content_group"] = group
        parameters["page_location"] = self._pages.address_of(event)
        parameters["page_title"] = self._pages.path_of(event)
        parameters |= _allowed("c_", event.context, self._settings.allowed_contexts)
        parameters |= _allowed("a_", event.attributes or {}, self._settings.allowed_attributes)
        return _within_limits(parameters)


@lru_cache
def event_name(action: str) -> str:
    """An action as a name that Google accepts; logs a warning if it had to be changed."""
    name = _spelled(action)
    if not name[0].isalpha() or name in _RESERVED or _RESERVED_PREFIX.match(name):
        name = f"action_{name}"
    name = name[:NAME_CHARACTERS]
    if name != action:
        _logger.warning("Google Analytics takes no event named %s: it is sent as %s", action, name)
    return name


def _allowed(
    prefix: str, values: Mapping[str, Scalar], allowed: Sequence[str]
) -> dict[str, Scalar]:
    return {
        f"{prefix}{key}": value
        for key, value in values.items()
        if not _is_empty(value) and (_EVERYTHING in allowed or key in allowed)
    }


def _is_empty(value: Scalar) -> bool:
    return isinstance(value, str) and not value


def _within_limits(parameters: Mapping[str, Any]) -> dict[str, Any]:
    cut_values = {name: _value(name, value) for name, value in parameters.items()}
    named = renamed(cut_values, _parameter_name, NAME_CHARACTERS)
    if len(named) > PARAMETERS:
        _warn_of_parameters(len(named))
    return dict(islice(named.items(), PARAMETERS))


def _parameter_name(name: str) -> str:
    return cut(_spelled(name), NAME_CHARACTERS, f"The name of the parameter {name}")


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return as_text(value)
    if not isinstance(value, str):
        return value
    return cut(value, _LONG.get(name, VALUE_CHARACTERS), f"The parameter {name}")


def _spelled(name: str) -> str:
    """The text in letters that Google accepts; others become their numbers, as `u90e8`."""
    return _NO_NAME.sub(
        lambda found: "_" if ord(found[0]) < _ASCII else f"u{ord(found[0]):x}", name
    )


@lru_cache
def _warn_of_parameters(count: int) -> None:
    _logger.warning(
        "Of %d parameters of an event %d are sent: Google Analytics takes no more. "
        "Name fewer in allowedContexts and allowedAttributes",
        count,
        PARAMETERS,
    )


def _client_id(event: RecordedEvent) -> str:
    """A client id in the form of Google's cookie: two numbers."""
    digest = visitor_digest(event)
    return f"{int.from_bytes(digest[8:12])}.{int.from_bytes(digest[12:16])}"


_TAG_HOSTS = (
    "https://*.googletagmanager.com",
    "https://*.google-analytics.com",
    "https://*.analytics.google.com",
)
"""Source: Google's guide to a Content-Security-Policy for Analytics 4."""


def _tag(settings: Ga4Settings) -> BrowserTag:
    public = settings.model_dump(
        by_alias=True, mode="json", exclude={"api_secret", "endpoint", "tag"}
    )
    public["reservedNames"] = sorted(_RESERVED)
    return BrowserTag(Path(__file__).parent / "tags" / "ga4.js", public, _TAG_HOSTS)


backend = Ga4AnalyticsApi
