"""A portal for attackers, once for all attacks: quick to start, since it has no pages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from string import Template

import httpx
import pytest

from tests.attacks.slow_host import SlowHost
from tests.conftest import PROJECT

START_SECONDS = 240.0
READER = "user:default/reader"
OWNER = "user:default/owner"
GREEDY = "user:default/greedy"
"""May do everything, and does too much of it."""
NOBODY = "user:default/nobody"
"""Signed in, and without any permission."""
CONFIG = Template(f"""
app:
  analytics: {{insights: {{folder: insights}}}}
auth: {{providers: {{guest: {{auto: false}}}}}}
permission:
  enabled: true
  roles:
    reader: {{members: ['{READER}'], permissions: [catalog.entity.read, catalog.location.read]}}
    owner: {{members: ['{OWNER}', '{GREEDY}'], permissions: ['*']}}
backend:
  reading: {{allow: [{{host: '$slow_host', paths: [/slow/]}}]}}
catalog:
  locations:
    - {{type: file, target: demo/catalog/all.yaml}}
    - {{type: file, target: 'hostile/*.yaml'}}
""")

SLOW_TEXT = "# Slow\n\n" + "[a](" * 40_000 + "\n\n" + "*a_ **b " * 20_000
"""Markdown that takes longer to render than a page is given."""


class Portal:
    """A running portal in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "portal.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it can store events."""
        environment = {
            **os.environ,
            "APP_CONFIG": "app-config.yaml",
            "DATABASE_URL": f"sqlite:///{self.folder / 'portal.db'}",
            "PYTHONPATH": str(PROJECT),
        }
        command = [sys.executable, "-m", "tests.attacks.app", str(self.port)]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the portal did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def cpu_seconds(self) -> float:
        """The CPU time that its process has used."""
        assert self._process is not None
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def client(self, user: str | None = None) -> httpx.Client:
        """A program that is signed in as `user`."""
        headers = {"x-test-user": user} if user else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


@pytest.fixture(scope="session")
def slow_host() -> Iterator[SlowHost]:
    """A host that locations may be read from, and that never comes to an end."""
    with SlowHost() as host:
        yield host


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, slow_host: SlowHost) -> Iterator[Portal]:
    """The portal with the demo's catalog, roles, and descriptors of a hostile author."""
    folder = tmp_path_factory.mktemp("attacked")
    shutil.copytree(PROJECT / "demo", folder / "demo")
    shutil.copytree(Path(__file__).parent / "hostile", folder / "hostile")
    (folder / "hostile" / "slow-docs" / "docs" / "index.md").write_text(SLOW_TEXT)
    shutil.copy(PROJECT / "rxconfig.py", folder)
    config = CONFIG.substitute(slow_host=slow_host.name)
    (folder / "app-config.yaml").write_text(config)
    portal = Portal(folder)
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()
