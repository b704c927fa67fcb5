"""The base of backends that use HTTP: they encode events, this class sends them.

Requests stay within the tool's limits and keep the order of each session. Responses are read as RFC
9110 says (`classify.py`); a request that is refused for good is sent again in halves until the bad
event is found.
"""

import logging
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.classify import RETRIED_STATUS, retry_after_seconds
from backstage_py.analytics.backends.console import show_line
from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.config.settings import ToolSettings
from backstage_py.analytics.errors import (
    DeliveryError,
    NotTriedError,
    PartlyDeliveredError,
    RejectedError,
    RetryLaterError,
    UnansweredError,
)
from backstage_py.analytics.event import RecordedEvent

_SHOWN_ANSWER = 300
_SERVER_ERROR = 500
_MAY_HAVE_ARRIVED = (httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError)
SECONDS = 30.0
"""The time limit for an answer."""

Verdicts: TypeAlias = dict[str, DeliveryError]
"""Maps the id of an event that was not taken to the reason."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """An event and its encoded form."""

    event: RecordedEvent
    content: bytes


class HttpAnalyticsApi(AnalyticsApi):
    """A backend that sends events by HTTP.

    A subclass implements `encode` and `request`, and sets the tool's limits; if the tool reports on
    each event, it also implements `read_answer` or `read_refusal`.
    """

    max_events: int = 100
    """Events in one request."""
    max_bytes: int = 500_000
    """The maximum size of one request in bytes, with one byte between two events."""
    max_event_bytes: int = 65_536
    """The maximum size of one encoded event in bytes."""
    oldest: timedelta | None = None
    """The age from which the tool no longer takes an event; None if it takes any."""
    counts_twice: bool = False
    """Whether the tool has no event ids, so an event that may have arrived is not sent again."""
    retried_status: frozenset[int] = RETRIED_STATUS
    """Statuses below 500 that are temporary, so the request is retried."""

    def __init__(self, settings: ToolSettings, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._debug = settings.debug
        self._test_mode = settings.test_mode
        secrets = tuple(settings.secrets())
        self._secrets = {*secrets, *map(quote, secrets)}
        self.client = httpx.Client(timeout=SECONDS, follow_redirects=False)

    def encode(self, event: RecordedEvent) -> bytes:
        """Encode an event for a request.

        Raises:
            DeliveryError: If the tool cannot take it.
        """
        raise NotImplementedError

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The request for some events, made by `self.client.build_request`."""
        raise NotImplementedError

    def group(self, event: RecordedEvent) -> Hashable:  # ruff: ignore[unused-method-argument]
        """The group of an event; only events of one group share a request."""
        return None

    def read_answer(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """The events that a successful response refuses: reasons by event id."""
        del response, batch
        return {}

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        """The events that an error response (4xx) names: reasons by event id.

        Other events count as accepted; those the tool skipped because of others are a NotTriedError
        and are sent again at once. If none are named, all are refused.
        """
        del response, batch
        return {}

    def post(self, address: str, content: bytes, **headers: str) -> httpx.Request:
        """A POST request with JSON; an underscore in a header's name becomes a hyphen."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.build_request(
            "POST", address, content=content, headers={"Content-Type": "application/json", **given}
        )

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Send events.

        Raises:
            PartlyDeliveredError: If some were not taken.
        """
        failures: dict[str, Exception] = {}
        stopped: set[str | None] = set()
        is_down = False
        for batch in self._batches(list(self._encoded(events, failures))):
            if is_down:
                failures |= _not_tried(batch)
                continue
            verdicts = self._deliver(batch, stopped)
            failures |= verdicts
            is_down = len(verdicts) == len(batch) and all(map(_says_down, verdicts.values()))
        if failures:
            raise PartlyDeliveredError(failures)

    def ask(self, request: httpx.Request) -> httpx.Response | None:
        """Send a request that carries no events; None in test mode, which sends nothing.

        Raises:
            DeliveryError: If the response is not a success.
        """
        if self._debug:
            show_line(self._masked(f"{type(self).__name__}: {_described(request)}"))
        if self._test_mode:
            return None
        try:
            response = self.client.send(request)
        except httpx.TransportError as error:
            raise RetryLaterError(self._masked(f"{type(error).__name__}: {error}")) from None
        if not response.is_success:
            raise self._refused(response)
        return response

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def _encoded(
        self, events: Iterable[RecordedEvent], failures: dict[str, Exception]
    ) -> Iterator[Encoded]:
        for event in events:
            try:
                self._require_recent(event)
                content = self.encode(event)
            except DeliveryError as error:
                failures[event.id] = error
                continue
            if len(content) > self.max_event_bytes:
                problem = f"is {len(content)} bytes, the tool takes {self.max_event_bytes}"
                failures[event.id] = RejectedError(f"The event {problem}")
                continue
            yield Encoded(event, content)

    def _require_recent(self, event: RecordedEvent) -> None:
        if self.oldest is not None and self._clock() - event.timestamp > self.oldest:
            hours = self.oldest.total_seconds() / 3600
            raise RejectedError(f"The tool does not take events older than {hours:g} hours")

    def _batches(self, encoded: Iterable[Encoded]) -> Iterator[list[Encoded]]:
        """The groups, ordered by their first event; events keep their order within a group."""
        groups: dict[Hashable, list[Encoded]] = {}
        for one in encoded:
            groups.setdefault(self.group(one.event), []).append(one)
        for group in groups.values():
            batch: list[Encoded] = []
            size = 0
            for one in group:
                if batch and (
                    len(batch) == self.max_events or size + len(one.content) > self.max_bytes
                ):
                    yield batch
                    batch, size = [], 0
                batch.append(one)
                size += len(one.content) + 1
            yield batch

    def _deliver(self, batch: Sequence[Encoded], stopped: set[str | None]) -> Verdicts:
        """The events of one request that were not accepted, with the reason.

        Events of stopped sessions are not sent: an earlier event has to go first.
        """
        verdicts = _not_tried(one for one in batch if one.event.session_id in stopped)
        ready = [one for one in batch if one.event.session_id not in stopped]
        if not ready:
            return verdicts
        try:
            sent = self._send(ready)
        except RejectedError as error:
            if len(ready) == 1:
                return verdicts | {ready[0].event.id: error}
            half = len(ready) // 2
            verdicts |= self._deliver(ready[:half], stopped)
            return verdicts | self._deliver(ready[half:], stopped)
        except RetryLaterError as error:
            sent = dict.fromkeys((one.event.id for one in ready), error)
        again = [one for one in ready if isinstance(sent.get(one.event.id), NotTriedError)]
        if len(again) == len(ready):
            again = []
        for one in again:
            del sent[one.event.id]
        failed = (one.event for one in ready if _is_retry(sent.get(one.event.id)))
        stopped |= {event.session_id for event in failed} - {None}
        return verdicts | sent | self._deliver(again, stopped)

    def _send(self, batch: Sequence[Encoded]) -> Verdicts:
        request = self.request(batch)
        if self._debug:
            show_line(self._masked(f"{type(self).__name__}: {_described(request)}"))
        if self._test_mode:
            return {}
        try:
            response = self.client.send(request)
        except httpx.TransportError as error:
            reason = self._masked(f"{type(error).__name__}: {error}")
            if self.counts_twice and isinstance(error, _MAY_HAVE_ARRIVED):
                verdict = UnansweredError(f"No answer; if sent again it may count twice: {reason}")
                return dict.fromkeys((one.event.id for one in batch), verdict)
            raise RetryLaterError(reason) from None
        if response.is_success:
            return self.read_answer(response, batch)
        if response.is_client_error and (verdicts := self.read_refusal(response, batch)):
            return verdicts
        raise self._refused(response)

    def _refused(self, response: httpx.Response) -> DeliveryError:
        status = response.status_code
        said = response.text[:_SHOWN_ANSWER].strip()
        reason = self._masked(f"HTTP {status} of {response.request.url.host}: {said}")
        if status >= _SERVER_ERROR or status in self.retried_status or response.is_redirect:
            return RetryLaterError(reason, retry_after_seconds(response.headers.get("Retry-After")))
        return RejectedError(reason)

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def json_list(batch: Sequence[Encoded]) -> bytes:
    """The events of a request as one JSON list."""
    return b"[" + b",".join(one.content for one in batch) + b"]"


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a response; empty if it is anything else."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def refused_at(batch: Sequence[Encoded], index: object, reason: str) -> Verdicts:
    """The refusal of the event at an index that a tool named; empty if there is none."""
    if not isinstance(index, int) or not 0 <= index < len(batch):
        return {}
    return {batch[index].event.id: RejectedError(reason[:_SHOWN_ANSWER])}


def _not_tried(batch: Iterable[Encoded]) -> Verdicts:
    return {one.event.id: NotTriedError() for one in batch}


def _is_retry(verdict: DeliveryError | None) -> bool:
    return isinstance(verdict, RetryLaterError)


def _says_down(verdict: DeliveryError) -> bool:
    return isinstance(verdict, RetryLaterError | UnansweredError)


def _described(request: httpx.Request) -> str:
    body = request.content.decode(errors="backslashreplace")
    return f"{request.method} {request.url} {body}"


class _NoQueries(logging.Filter):
    """Cuts queries from the addresses that httpx logs, since they may hold secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.args = tuple(map(_without_query, record.args or ()))
        return True


def _without_query(argument: Any) -> Any:
    return argument.copy_with(query=None) if isinstance(argument, httpx.URL) else argument


logging.getLogger("httpx").addFilter(_NoQueries())
