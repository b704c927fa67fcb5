"""Every recorded scenario, by the command that others run too."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.e2e

SCENARIOS = sorted((PROJECT.parent / "shared" / "conformance").glob("*-*.json"))


@pytest.mark.skipif(not SCENARIOS, reason="the recorded scenarios are not beside this clone")
@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_our_events_are_those_that_backstage_captured(file: Path) -> None:
    command = [sys.executable, "-m", "tests.conformance", str(file)]

    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
