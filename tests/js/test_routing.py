"""The browser's routing says what Python's does."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from backstage_py.analytics.backends.routing import Routing, share_of
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.event import AnalyticsEvent
from tests.unit.analytics.recorded import recorded

FOLDER = Path(__file__).parent
CASES = json.loads((FOLDER / "routing_cases.json").read_text(encoding="utf-8"))


def in_the_browser(cases: dict[str, Any]) -> Any:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bun", "routing.js"],
        cwd=FOLDER,
        env={**os.environ, "PATH": path},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(run.stdout)


def test_the_browser_and_the_server_agree() -> None:
    routings = [Routing.from_config(Config(section)) for section in CASES["routings"]]
    events = [recorded(**event) for event in CASES["events"]]
    shown = [routing.model_dump(by_alias=True, mode="json") for routing in routings]

    found = in_the_browser(
        {
            "shares": CASES["shares"],
            "routings": shown,
            "events": [{**AnalyticsEvent.to_wire(event), "id": event.id} for event in events],
        }
    )

    assert found["shares"] == [share_of(text) for text in CASES["shares"]]
    for routing, verdicts in zip(routings, found["verdicts"], strict=True):
        assert verdicts == [
            [
                routing.takes(event),
                {**AnalyticsEvent.to_wire(routing.redacted(event)), "id": event.id},
            ]
            for event in events
        ], routing
