"""Runs the OpenID provider of the tests; its npm packages are installed when first needed."""

import contextlib
import fcntl
import os
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path

FOLDER = Path(__file__).parent


@contextlib.contextmanager
def oidc_provider(port: int | None = None) -> Generator[str]:
    """Start it, with keys that nobody has seen before; gives its address.

    Raises:
        RuntimeError: If it does not start.
    """
    _install()
    port = port or _free_port()
    process = subprocess.Popen(
        ["node", "--no-warnings", "provider.js"],
        cwd=FOLDER,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        output = ""
        while "listening" not in output:
            line = process.stdout.readline()
            output += line
            if not line:
                raise RuntimeError(f"the OpenID provider did not start:\n{output}")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.communicate()


def _install() -> None:
    """Install what package-lock.json names, once for all that test at the same time."""
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "node_modules" / "oidc-provider").exists():
            command = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(command, cwd=FOLDER, check=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
