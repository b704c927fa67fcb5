"""NATS JetStream: `app.analytics.nats`, events as CloudEvents in a stream.

Source: the JetStream API. `Nats-Msg-Id` is the event's id, by which a stream recognizes duplicates.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, Self, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError, NoRespondersError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NoStreamResponseError
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    AnalyticsApi,
    Config,
    DeliveryError,
    OneOrMore,
    PartlyDeliveredError,
    RecordedEvent,
    RejectedError,
    RequiredText,
    RetryLaterError,
    ToolSettings,
    show_line,
)
from backstage_py.analytics_modules._cloud_events import CONTENT_TYPE, SOURCE, cloud_event

ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5

_T = TypeVar("_T")


class NatsSettings(ToolSettings):
    """The keys of `app.analytics.nats`."""

    servers: OneOrMore[RequiredText] = Field(
        description="an address as nats://host:4222, or a list"
    )
    subject: RequiredText = Field("backstage.events", description="the subject to publish to")
    stream: RequiredText | None = Field(None, description="the stream that has to take the events")
    token: SecretStr | None = Field(None, description="a token, out of the environment")
    user: RequiredText | None = Field(None, description="the name of a user")
    password: SecretStr | None = Field(None, description="a password, out of the environment")
    credentials: RequiredText | None = Field(
        None, description="the path of a file with credentials"
    )


class NatsAnalyticsApi(AnalyticsApi):
    """Publishes one event after the other; each counts as accepted once acknowledged."""

    def __init__(self, settings: NatsSettings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(NatsSettings.from_config(config))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Publish events in their order.

        Raises:
            PartlyDeliveredError: If some were not accepted.
        """
        messages = {event.id: cloud_event(event) for event in events}
        if self._settings.debug:
            for message in messages.values():
                show_line(f"NATS: {self._settings.subject} {message.decode()}")
        if self._settings.test_mode or not messages:
            return
        failures = self._run(self._publish_all(messages))
        if failures:
            raise PartlyDeliveredError(failures)

    def close(self) -> None:
        """Disconnect from the server."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None:
            return
        if self._client is not None:
            asyncio.run_coroutine_threadsafe(self._client.close(), loop).result(ANSWER_SECONDS)
        loop.call_soon_threadsafe(loop.stop)

    async def _publish_all(self, messages: dict[str, bytes]) -> dict[str, DeliveryError]:
        failures: dict[str, DeliveryError] = {}
        down: RetryLaterError | None = None
        for id_, message in messages.items():
            if down is not None:
                failures[id_] = down
                continue
            try:
                await self._publish(id_, message)
            except MaxPayloadError:
                failures[id_] = RejectedError(f"It has {len(message)} bytes, NATS allows less")
            except (NatsError, JetStreamError, OSError, TimeoutError) as error:
                failures[id_] = down = RetryLaterError(self._reason(error))
        return failures

    async def _publish(self, id_: str, message: bytes) -> None:
        client = await self._connected()
        await client.jetstream().publish(
            self._settings.subject,
            message,
            timeout=ANSWER_SECONDS,
            stream=self._settings.stream,
            headers={"Nats-Msg-Id": id_, "Content-Type": CONTENT_TYPE},
        )

    async def _connected(self) -> Client:
        if self._client is None or not self._client.is_connected:
            if self._client is not None:
                await self._client.close()
            self._client = Client()
            await self._client.connect(**self._options())
        return self._client

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        secrets = {
            "token": settings.token and settings.token.get_secret_value(),
            "password": settings.password and settings.password.get_secret_value(),
        }
        given = {"user": settings.user, "user_credentials": settings.credentials, **secrets}
        return {
            "servers": list(settings.servers),
            "name": SOURCE,
            "allow_reconnect": False,
            "max_reconnect_attempts": 1,
            "reconnect_time_wait": 0,
            "connect_timeout": CONNECT_SECONDS,
            "error_cb": _ignore,
            **{name: value for name, value in given.items() if value is not None},
        }

    def _reason(self, error: Exception) -> str:
        if isinstance(error, NoStreamResponseError | NoRespondersError):
            return f"No stream takes the subject {self._settings.subject}"
        return f"{type(error).__name__}: {error}"

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run it in the event loop of the connection's own thread."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._loop,), daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


async def _ignore(error: Exception) -> None:
    """Errors are passed to the publishing call."""


backend = NatsAnalyticsApi
