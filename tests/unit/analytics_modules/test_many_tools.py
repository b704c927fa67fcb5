"""Several tools at once, from a captured event to what each of them gets."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import AnalyticsEvent, Runtime
from backstage_py.analytics.config import location
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.testing import Answer, Received, RecordingServer
from tests.unit.analytics_modules.section import SIGNED_IN

SECRET = "s3cret-of-every-tool"


class Everything:
    """Tools on loopback by their names, each with what it was sent."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._changed = threading.Condition()
        self.bodies: dict[str, list[str]] = {}

    def address(self, name: str, answer: Answer | None = None) -> str:
        """Open the tool; gives its address."""
        self.bodies[name] = []

        def take(request: Received) -> Answer:
            with self._changed:
                self.bodies[name].append(request.body.decode())
                self._changed.notify_all()
            return answer or Answer(200, {"status": "success", "tracked": 1})

        return self._stack.enter_context(RecordingServer(take)).url

    def wait_for(self, text: str, *names: str) -> None:
        """Until each of the tools was sent a text."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: all(any(text in body for body in self.bodies[name]) for name in names), 20
            ), self.bodies


@pytest.fixture
def tools() -> Iterator[Everything]:
    with ExitStack() as stack:
        yield Everything(stack)


@pytest.fixture
def sections(tools: Everything) -> dict[str, Any]:
    return {
        "ga4": {
            "measurementId": "G-1",
            "apiSecret": SECRET,
            "endpoint": tools.address("ga4"),
            "include": [{"action": "deploy"}],
            "identity": "optional",
        },
        "matomo": {
            "host": tools.address("matomo"),
            "siteId": 1,
            "tokenAuth": SECRET,
            "exclude": [{"plugin": "settings"}],
        },
        "generic": {
            "host": tools.address("generic"),
            "bearerAuthToken": SECRET,
            "interval": 0,
            "redact": ["token"],
        },
        "newRelic": {
            "endpoint": "bam.nr-data.net",
            "accountId": "1",
            "applicationId": "2",
            "licenseKey": "public",
            "ingestKey": SECRET,
            "collector": tools.address("newRelic", Answer(503, f"no {SECRET}")),
        },
        "qm": False,
        "console": True,
    }


@pytest.fixture
def runtime(
    sections: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runtime]:
    monkeypatch.setattr(location, "FOLDER", tmp_path)
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    config = Config({"app": {"analytics": sections}, **SIGNED_IN})
    runtime = Runtime(config, EventStore(engine))
    runtime.start()
    yield runtime
    runtime.close()
    engine.dispose()


def test_each_tool_gets_its_own(
    runtime: Runtime, tools: Everything, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = {"pluginId": "settings"}
    deploy = AnalyticsEvent(action="deploy", subject="first", attributes={"token": "t-1", "n": 1})

    runtime.recorder.record(deploy, session_id="visit-1", user="user:default/ada")
    runtime.recorder.record(
        AnalyticsEvent(action="click", subject="second", context=settings),
        session_id="visit-1",
        user="user:default/ada",
    )

    tools.wait_for("first", "ga4", "matomo", "generic", "newRelic")
    tools.wait_for("second", "generic")
    runtime.close()
    sent = {name: "".join(bodies) for name, bodies in tools.bodies.items()}
    assert "second" not in sent["ga4"]
    assert "second" not in sent["matomo"]
    assert "t-1" not in sent["generic"]
    assert "user:default/ada" in sent["generic"]
    assert "user_id" in sent["ga4"]
    assert "ada" not in sent["ga4"] + sent["matomo"] + sent["newRelic"]
    backlogs = {one.backend: one for one in runtime.deliveries.backlogs()}
    assert {name: one.owed for name, one in backlogs.items()} == {
        **dict.fromkeys(("ga4", "matomo", "generic", "console"), 0),
        "newRelic": 2,
    }
    assert backlogs["newRelic"].cursor.failure.reason == "HTTP 503 of 127.0.0.1: no ***"
    assert SECRET not in caplog.text
