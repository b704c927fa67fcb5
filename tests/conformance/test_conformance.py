"""Every recorded scenario, by the command that others run too."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.e2e

_SHARED = PROJECT.parent / "shared" / "conformance"
RECORDED = sorted([*_SHARED.glob("[0-9]*-*.json"), *_SHARED.glob("current/[0-9]*-*.json")])
OURS = sorted(Path(__file__).parent.glob("ours/*.json"))


@pytest.mark.skipif(not RECORDED, reason="the recorded scenarios are not beside this clone")
@pytest.mark.parametrize("file", RECORDED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_our_events_are_those_that_backstage_captured(file: Path) -> None:
    run_scenarios(file)


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_what_the_recorded_scenarios_leave_open_is_as_the_format_says(file: Path) -> None:
    run_scenarios(file)


def run_scenarios(file: Path) -> None:
    command = [sys.executable, "-m", "tests.conformance", str(file)]

    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
