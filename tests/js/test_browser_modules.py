"""Runs the tests of the browser's modules in bun, which comes with the requirements."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_browsers_modules_pass_their_own_tests() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    run = subprocess.run(
        ["bun", "test"],
        cwd=Path(__file__).parent,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
