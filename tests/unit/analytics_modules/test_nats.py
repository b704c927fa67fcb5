"""Against a real NATS server."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js.api import StreamConfig

from backstage_py.analytics import (
    AnalyticsApi,
    ConfigurationError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.testing import an_event, key_events, outcomes
from tests.loops import run
from tests.unit.analytics_modules.section import backend, tool

TOKEN = "t0ken-of-nats"
SUBJECT = "backstage.events"
PAYLOAD_BYTES = 8_192
START_SECONDS = 10.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Nats:
    """A server on loopback that can be stopped and started again."""

    folder: Path
    port: int = field(default_factory=_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = self.folder / "nats.conf"
        config.write_text(
            f'listen: "127.0.0.1:{self.port}"\nmax_payload: {PAYLOAD_BYTES}\n'
            f'authorization {{ token: "{TOKEN}" }}\n'
            f'jetstream {{ store_dir: "{self.folder}" }}\n',
            encoding="utf-8",
        )
        path = str(Path(sys.executable).parent)
        server = shutil.which("nats-server", path=path) or "nats-server"
        self.process = subprocess.Popen(
            [server, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_for(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def make_stream(self) -> None:
        async def make(client: Any) -> None:
            await client.jetstream().add_stream(StreamConfig(name="EVENTS", subjects=[SUBJECT]))

        self._do(make)

    def messages(self) -> list[Any]:
        """All that the stream holds."""
        found: list[Any] = []

        async def read(client: Any) -> None:
            stream = client.jetstream()
            last = (await stream.stream_info("EVENTS")).state.last_seq
            found.extend([await stream.get_msg("EVENTS", one + 1) for one in range(last)])

        self._do(read)
        return found

    def events(self) -> list[Any]:
        return [json.loads(message.data) for message in self.messages()]

    def _do(self, work: Any) -> None:
        async def connected() -> None:
            client = await nats.connect(self.url, token=TOKEN)
            try:
                await work(client)
            finally:
                await client.close()

        run(connected())


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the NATS server did not start"
            time.sleep(0.02)
        else:
            return


@contextmanager
def running(folder: Path) -> Generator[Nats, None, None]:
    server = Nats(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nats]:
    with running(tmp_path) as server:
        server.make_stream()
        yield server


def publisher(server: Nats, **section: Any) -> AnalyticsApi:
    return backend("nats", {"servers": server.url, "token": TOKEN, **section})


def test_every_key_event_is_a_cloud_event_in_the_stream(server: Nats) -> None:
    publisher(server, identity="optional", userIdTransform="none").capture_events(key_events())

    messages = server.messages()
    for message, event in zip(messages, key_events(), strict=True):
        assert message.subject == SUBJECT
        assert message.headers == {
            "Nats-Msg-Id": event.id,
            "Content-Type": "application/cloudevents+json",
        }
        assert json.loads(message.data) == {
            "specversion": "1.0",
            "id": event.id,
            "source": "backstage_py",
            "type": f"backstage.{event.action}",
            "subject": event.subject,
            "time": "2026-11-23T09:30:00.000Z",
            "datacontenttype": "application/json",
            "data": event.to_wire(),
        }


def test_the_user_is_sent_only_if_the_owner_says_so(server: Nats) -> None:
    publisher(server).capture_event(an_event())

    assert server.events()[0]["data"]["user"] is None


def test_what_comes_twice_is_kept_once(server: Nats) -> None:
    api = publisher(server)

    api.capture_events(key_events())
    api.capture_events(key_events())

    assert len(server.messages()) == len(key_events())


def test_a_thousand_events_keep_their_order(server: Nats) -> None:
    events = [an_event(subject=str(number)) for number in range(1_000)]

    publisher(server).capture_events(events)

    assert [event["subject"] for event in server.events()] == [str(n) for n in range(1_000)]


def test_events_without_a_subject_are_cloud_events_too(server: Nats) -> None:
    publisher(server).capture_event(an_event(subject=""))

    assert "subject" not in server.events()[0]


def test_a_server_that_is_down_gets_what_waited_when_it_is_back(server: Nats) -> None:
    api = publisher(server)
    api.capture_event(an_event(subject="before"))
    server.stop()

    down = outcomes(api, [an_event(), an_event()])
    server.start()
    up = outcomes(api, [an_event(subject="after")])

    assert [type(outcome) for outcome in down] == [RetryLaterError, RetryLaterError]
    assert up == [None]
    assert [event["subject"] for event in server.events()] == ["before", "after"]


def test_a_stream_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        api = publisher(server)

        (missing,) = outcomes(api, [an_event()])
        server.make_stream()
        (there,) = outcomes(api, [an_event()])

    assert isinstance(missing, RetryLaterError)
    assert "No stream takes the subject backstage.events" in missing.reason
    assert there is None


def test_the_stream_has_to_be_the_one_that_is_named(server: Nats) -> None:
    (outcome,) = outcomes(publisher(server, stream="OTHERS"), [an_event()])

    assert isinstance(outcome, RetryLaterError)
    assert server.messages() == []


def test_a_too_large_event_does_not_affect_others(server: Nats) -> None:
    events = [an_event(), an_event(attributes={f"k{n}": "x" * 4_000 for n in range(3)}), an_event()]

    first, too_large, last = outcomes(publisher(server), events)

    assert (first, last) == (None, None)
    assert isinstance(too_large, RejectedError)
    assert len(server.messages()) == 2


def test_a_wrong_token_costs_no_event_and_is_not_shown(server: Nats) -> None:
    (outcome,) = outcomes(publisher(server, token="wr0ng-token"), [an_event()])

    assert isinstance(outcome, RetryLaterError)
    assert "wr0ng-token" not in outcome.reason


def test_test_mode_sends_nothing_and_debug_shows_it(
    server: Nats, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    publisher(server, testMode=True, debug=True).capture_event(an_event())

    assert server.messages() == []
    assert '"type":"backstage.click"' in capsys.readouterr().out + caplog.text


def test_it_can_be_closed_twice(server: Nats) -> None:
    api = publisher(server)
    api.capture_event(an_event())

    api.close()
    api.close()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.nats.servers (app-config.yaml): is missing. "
                "Give an address as nats://host:4222, or a list"
            ),
        ),
        (
            {"servers": "nats://x", "streams": "events"},
            (
                "app.analytics.nats.streams (app-config.yaml): is not a known key. "
                "Did you mean stream?"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("nats", section)

    assert str(error.value) == message
