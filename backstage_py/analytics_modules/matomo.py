"""Matomo: `app.analytics.matomo`.

The keys are those of `@backstage-community/plugin-analytics-module-matomo`, the wire that of
the HTTP Tracking API (https://developer.matomo.org/api-reference/tracking-api), in bulk. With `tag:
true` Matomo's own script sends the browser's events.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote, urlencode

import httpx
import orjson
from pydantic import BeforeValidator, Field, SecretStr

from backstage_py.analytics import (
    BrowserTag,
    CannotEraseError,
    Clock,
    Config,
    DeliveryError,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    RejectedError,
    RequiredText,
    RetryLaterError,
    ToolSettings,
    UserIdentity,
    json_list,
    user_id_plain,
    utc_now,
)
from backstage_py.analytics_modules._categories import category_of
from backstage_py.analytics_modules._pages import Pages, base_url_of
from backstage_py.analytics_modules._texts import as_text
from backstage_py.analytics_modules._visitors import visitor_digest

_SHOWN_ANSWER = 300
ERASED_ROUNDS = 100
"""The maximum rounds of an erasure, of some 400 visits each, which Matomo finds at once."""
OLDEST_WITHOUT_TOKEN = timedelta(hours=24)


def _digits(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and not value.isdigit():
        raise ValueError("Use the number of the site")
    return value


def _with_scheme(value: object) -> object:
    """The host with a scheme; in Backstage's module hosts may lack one."""
    is_bare = isinstance(value, str) and value and "://" not in value
    return f"https://{value.lstrip('/')}" if isinstance(value, str) and is_bare else value


class MatomoSettings(ToolSettings):
    """The keys of `app.analytics.matomo`."""

    host: Annotated[HttpAddress, BeforeValidator(_with_scheme)] = Field(
        description="the address of the Matomo server, as https://host"
    )
    site_id: Annotated[RequiredText, BeforeValidator(_digits)] = Field(
        description="the number of the site"
    )
    send_plain_user_id: bool = Field(
        False, description="true to send the entity ref instead of its hash"
    )
    enhanced_tracking: bool = Field(False, description="true to send navigate as a page view")
    defer_initial_page_view: bool = Field(
        False, description="true to let the tag's first page view wait for the user"
    )
    token_auth: SecretStr | None = Field(
        None, description="a token of Matomo, out of the environment"
    )
    tag: bool = Field(False, description="true to send with Matomo's script in the browser")


class MatomoAnalyticsApi(HttpAnalyticsApi):
    """Sends hits in bulk, each as the query that it would be alone."""

    max_events = 200
    max_bytes = 1_000_000
    counts_twice = True

    def __init__(self, settings: MatomoSettings, base_url: str, *, clock: Clock = utc_now) -> None:
        super().__init__(settings, clock=clock)
        self._site_id = settings.site_id
        self._enhanced = settings.enhanced_tracking
        self._token = settings.token_auth and settings.token_auth.get_secret_value()
        self._address = f"{settings.host.rstrip('/')}/matomo.php"
        self._reporting = f"{settings.host.rstrip('/')}/index.php"
        self._pages = Pages(base_url)
        if settings.send_plain_user_id:
            self.identity = UserIdentity(transform=user_id_plain)
        if settings.tag:
            self.browser_tag = _tag(settings)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(MatomoSettings.from_config(config), base_url_of(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of `requests`."""
        if self._token is None and self._clock() - event.timestamp > OLDEST_WITHOUT_TOKEN:
            raise RejectedError("Matomo takes events of yesterday only with a tokenAuth")
        hit = {
            "idsite": self._site_id,
            "rec": "1",
            "apiv": "1",
            "send_image": "0",
            "_id": visitor_digest(event).hex()[:16],
            **({} if event.user is None else {"uid": event.user}),
            **self._what(event),
            "cdt": event.timestamp.strftime("%Y-%m-%d %H:%M:%S"),
            "rand": event.id,
        }
        return orjson.dumps(f"?{urlencode(hit, quote_via=quote)}")

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """A bulk of hits."""
        body = b'{"requests":' + json_list(batch)
        if self._token:
            body += b',"token_auth":' + orjson.dumps(self._token)
        return self.post(self._address, body + b"}")

    def read_answer(
        self, response: httpx.Response, batch: Sequence[Encoded]
    ) -> dict[str, DeliveryError]:
        """The hits that Matomo calls invalid; the others must not be sent again."""
        try:
            answer = response.json()
            success = answer["status"] == "success"
        except (ValueError, KeyError, TypeError):
            said = response.text[:_SHOWN_ANSWER]
            raise RetryLaterError(f"Matomo sent an unexpected answer: {said}") from None
        if not success and not answer.get("tracked"):
            raise RetryLaterError(f"Matomo tracked nothing: {response.text[:_SHOWN_ANSWER]}")
        indices = answer.get("invalid_indices") or ()
        return {
            batch[index].event.id: RejectedError("Matomo calls the hit invalid")
            for index in indices
            if isinstance(index, int) and 0 <= index < len(batch)
        }

    def erase_user(self, user: str) -> None:
        """Delete the visits of a user; the token needs admin access to the site.

        Source: `PrivacyManager` of the Reporting API
        (https://developer.matomo.org/api-reference/reporting-api).

        Raises:
            CannotEraseError: Without a token.
            DeliveryError: If it did not work.
        """
        if self._token is None:
            raise CannotEraseError("Matomo erases only with a tokenAuth of an admin of the site")
        segment = f"userId=={quote(user, safe='')}"
        for _ in range(ERASED_ROUNDS):
            visits = self._ask("findDataSubjects", {"idSite": self._site_id, "segment": segment})
            if not visits:
                return
            self._ask("deleteDataSubjects", _visits(visits))
        raise RetryLaterError("There are more visits to erase")

    def _ask(self, method: str, arguments: Mapping[str, str]) -> Any:
        """The response of the Reporting API, which reports errors with status 200."""
        asked = {"module": "API", "method": f"PrivacyManager.{method}", "format": "JSON"}
        given = {**asked, **arguments, "filter_limit": "-1", "token_auth": self._token or ""}
        response = self.ask(self.client.build_request("POST", self._reporting, data=given))
        if response is None:
            return None
        try:
            answer = response.json()
        except ValueError:
            said = response.text[:_SHOWN_ANSWER]
            raise RetryLaterError(f"Matomo did not answer in JSON: {said}") from None
        if isinstance(answer, dict) and answer.get("result") == "error":
            raise RetryLaterError(f"Matomo: {answer.get('message')}"[:_SHOWN_ANSWER])
        return answer

    def _what(self, event: RecordedEvent) -> dict[str, str]:
        url = self._pages.address_of(event)
        if event.action == "navigate" and self._enhanced:
            path = event.subject if event.subject.startswith("/") else f"/{event.subject}"
            return {"url": url, "action_name": path}
        value = {} if event.value is None else {"e_v": as_text(event.value)}
        return {
            "url": url,
            "e_c": category_of(event),
            "e_a": event.action,
            "e_n": event.subject,
            **value,
            "ca": "1",
        }


def _visits(found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    named = (("idsite", "idSite"), ("idvisit", "idVisit"))
    return {
        f"visits[{number}][{name}]": str(visit[column])
        for number, visit in enumerate(found)
        for name, column in named
    }


def _tag(settings: MatomoSettings) -> BrowserTag:
    public = settings.model_dump(
        by_alias=True, mode="json", exclude={"token_auth", "tag", "send_plain_user_id"}
    )
    return BrowserTag(Path(__file__).parent / "tags" / "matomo.js", public)


backend = MatomoAnalyticsApi
