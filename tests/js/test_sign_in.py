"""Signing in and out is captured as in the recorded runs of Backstage, in both dialects."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.comparison import difference


@pytest.mark.parametrize("file", ["sign-in.json", "current/sign-in.json"])
def test_signing_in_and_out_is_captured_as_it_was_recorded(shared_folder: Path, file: str) -> None:
    recorded = (shared_folder / "conformance" / file).read_text(encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    run = subprocess.run(
        ["bun", "sign_in.js"],
        cwd=Path(__file__).parent,
        env={**os.environ, "PATH": path},
        input=recorded,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    scenarios = json.loads(recorded)["scenarios"]
    found = {
        scenario["name"]: difference(scenario["events"], events)
        for scenario, events in zip(scenarios, json.loads(run.stdout), strict=True)
    }
    assert {name: text for name, text in found.items() if text} == {}
