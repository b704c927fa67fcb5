"""Kafka and compatible brokers: `app.analytics.kafka`, events as CloudEvents.

Source: librdkafka's configuration
(https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md). The producer is
idempotent, so its own retries make no duplicates; events that delivery sends again become new
records with the same header `id`.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

from confluent_kafka import KafkaError, KafkaException, Producer
from pydantic import Field, SecretStr, model_validator

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
    Scalar,
    ToolSettings,
    show_line,
)
from backstage_py.analytics_modules._cloud_events import CONTENT_TYPE, SOURCE, cloud_event

_logger = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
_REFUSED = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_RECORD})
"""Errors for which a retry does not help."""
_NO_ANSWER = KafkaError(KafkaError.REQUEST_TIMED_OUT)
_Outcomes: TypeAlias = dict[str, KafkaError | None]
"""Maps the id of an event to the error that kept it from being written, or None."""


class KafkaSettings(ToolSettings):
    """The keys of `app.analytics.kafka`."""

    bootstrap_servers: OneOrMore[RequiredText] = Field(
        description="an address as host:9092, or a list"
    )
    topic: RequiredText = Field("backstage.events", description="the topic to write to")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
    )
    username: RequiredText | None = Field(None, description="the name of a user")
    password: SecretStr | None = Field(None, description="a password, out of the environment")
    options: Mapping[str, Scalar] = Field(
        {}, description="an object of other settings of librdkafka, as ssl.ca.location"
    )

    @model_validator(mode="after")
    def _require_user(self) -> Self:
        if self.security_protocol.startswith("SASL") and not (self.username and self.password):
            raise ValueError("Give username and password, which SASL requires")
        return self


class KafkaAnalyticsApi(AnalyticsApi):
    """Writes events by the key of their session, so that a session keeps its order."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Producer | None = None
        self._starting = threading.Lock()

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(KafkaSettings.from_config(config))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Write events; each counts as accepted when the in-sync brokers have it.

        Raises:
            PartlyDeliveredError: If some were not accepted.
        """
        if self._settings.debug:
            for event in events:
                show_line(f"Kafka: {self._settings.topic} {cloud_event(event).decode()}")
        if self._settings.test_mode or not events:
            return
        failures = self._write(events)
        if failures:
            raise PartlyDeliveredError(failures)

    def close(self) -> None:
        """Disconnect; nothing is pending, since every write was awaited."""
        with self._starting:
            self._producer = None

    def _write(self, events: Sequence[RecordedEvent]) -> dict[str, DeliveryError]:
        producer = self._connected()
        outcomes: _Outcomes = {}
        try:
            for event in events:
                self._produce(producer, event, outcomes)
            producer.flush(2 * ANSWER_SECONDS)
        except KafkaException as error:
            # It can no longer write exactly once and in order, and accepts nothing more (librdkafka
            # calls the error fatal): the next write has a new producer.
            _logger.warning("The producer is replaced after a fatal error: %s", error)
            self.close()
        errors = {event.id: outcomes.get(event.id, _NO_ANSWER) for event in events}
        return {id_: _verdict(error) for id_, error in errors.items() if error is not None}

    def _produce(self, producer: Producer, event: RecordedEvent, outcomes: _Outcomes) -> None:
        def told(error: KafkaError | None, _message: object) -> None:
            outcomes[event.id] = error

        try:
            producer.produce(
                self._settings.topic,
                cloud_event(event),
                key=event.session_id or event.id,
                headers={"id": event.id, "content-type": CONTENT_TYPE},
                timestamp=int(event.timestamp.timestamp() * 1000),
                on_delivery=told,
            )
        except BufferError:
            outcomes[event.id] = _NO_ANSWER  # the producer's queue is full
        except KafkaException as error:
            if error.args[0].code() not in _REFUSED:
                raise
            outcomes[event.id] = error.args[0]

    def _connected(self) -> Producer:
        with self._starting:
            if self._producer is None:
                self._producer = Producer(self._options(), logger=_logger)
            return self._producer

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        user = {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.username,
            "sasl.password": settings.password and settings.password.get_secret_value(),
        }
        return {
            "bootstrap.servers": ",".join(settings.bootstrap_servers),
            "client.id": SOURCE,
            "enable.idempotence": True,
            "message.timeout.ms": int(ANSWER_SECONDS * 1000),
            "security.protocol": settings.security_protocol,
            **(user if settings.username else {}),
            **settings.options,
        }


def _verdict(error: KafkaError) -> DeliveryError:
    refused = error.code() in _REFUSED
    return RejectedError(error.str()) if refused else RetryLaterError(error.str())


backend = KafkaAnalyticsApi
