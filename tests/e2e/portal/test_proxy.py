"""The portal behind nginx with TLS on a separate port, as in deploy/nginx.conf."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import PROJECT
from tests.e2e.conftest import Visit

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed"),
]
_CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem"),
)


@pytest.fixture(scope="module")
def proxy_url(portal_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(_CERTIFICATE, cwd=folder, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:3000", f"127.0.0.1:{urlsplit(portal_url).port}")
    text = re.sub(r"listen \d+ ssl", f"listen 127.0.0.1:{port} ssl", text)
    own = f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\n"
    if Path("/proc/self").owner() == "root":
        own += "user root;\n"
    (folder / "nginx.conf").write_text(
        own + text.replace("http {", f"http {{\n  access_log off;{_scratch(folder)}", 1),
        encoding="utf-8",
    )
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", f"{folder}/nginx.conf"])
    try:
        url = f"https://localhost:{port}"
        _wait_until_answered(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _scratch(folder: Path) -> str:
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"\n  {name}_temp_path {folder}/{name};" for name in names)


def _wait_until_answered(url: str) -> None:
    transport = httpx.HTTPTransport(verify=False, retries=10)
    with httpx.Client(transport=transport) as client:
        assert client.get(url).is_success


def test_pages_are_live_and_captures_arrive_over_tls_on_any_port(
    visit: Visit, portal_url: str, proxy_url: str
) -> None:
    visitor = visit(portal_url, ignore_https_errors=True)

    visitor.page.goto(f"{proxy_url}/catalog")

    visitor.sees("Nordlicht Rail Catalog")
    expect(visitor.page.get_by_text("Connection lost")).to_have_count(0)
    expect(visitor.page.locator("tbody tr").first).to_be_visible()  # rows come by the websocket
    host = urlsplit(proxy_url).netloc
    sockets = visitor.page.evaluate(
        "performance.getEntriesByType('resource').map((one) => new URL(one.name).host)"
    )
    assert set(sockets) == {host}


def test_probes_and_figures_are_not_served_to_the_outside(proxy_url: str) -> None:
    with httpx.Client(verify=False) as client:
        statuses = {
            path: client.get(f"{proxy_url}{path}").status_code
            for path in ("/metrics", "/livez", "/readyz")
        }

    assert set(statuses.values()) == {403}


def test_the_request_id_is_the_proxys(proxy_url: str) -> None:
    with httpx.Client(verify=False) as client:
        answer = client.get(f"{proxy_url}/api/catalog/entities?limit=1")

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
