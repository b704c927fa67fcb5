"""The files that the fixture app's analytics implementations write to."""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 10.0
"""How long to wait for expected events."""

QUIET_SECONDS = 0.6
"""How long it must be quiet: longer than the browser gathers a batch."""


class Sinks:
    """A folder with the sinks' configuration and the files they write."""

    def __init__(self, sinks: Sequence[Mapping[str, Any]], dialect: str = "classic") -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="conformance-")
        self.folder = Path(self._temporary.name)
        self.config_file = self.folder / "app-config.yaml"
        self._dialect = dialect
        self._names = [sink["name"] for sink in sinks]
        self.config_file.write_text(json.dumps(self._config(sinks)), encoding="utf-8")

    def close(self) -> None:
        """Remove the folder."""
        self._temporary.cleanup()

    def settle(
        self, expected: Mapping[str, Sequence[Any]], session_id: str
    ) -> dict[str, list[dict[str, Any]]]:
        """The events of each sink in a session, once the expected ones have arrived."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        quiet_since, before = time.monotonic(), self._read(session_id)
        while time.monotonic() < deadline:
            now = self._read(session_id)
            if now != before:
                quiet_since, before = time.monotonic(), now
            complete = all(len(now[name]) >= len(events) for name, events in expected.items())
            if complete and time.monotonic() - quiet_since > QUIET_SECONDS:
                break
            time.sleep(0.05)
        return before

    def _read(self, session_id: str) -> dict[str, list[dict[str, Any]]]:
        return {
            name: [event for event in self._events(name) if event["sessionId"] == session_id]
            for name in self._names
        }

    def _events(self, name: str) -> list[dict[str, Any]]:
        file = self._file(name)
        return [json.loads(line) for line in file.open(encoding="utf-8")] if file.exists() else []

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"

    def _config(self, sinks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        sections = {
            f"sink-{sink['name']}": {
                "use": "fixture.sinks:FileSink",
                "path": str(self._file(sink["name"])),
                "failsOn": sink.get("failsOn", []),
            }
            for sink in sinks
        }
        return {"app": {"analytics": {"dialect": self._dialect, **sections}}}
