"""The ways to deploy a Reflex app: below a path, and with pages and backend on two hosts."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Generator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, database_in
from tests.e2e.visitor import Visitor
from tests.served_app import START_SECONDS, free_port, reflex_environment, run_reflex, serve

pytestmark = pytest.mark.e2e

APP = Path(__file__).parent / "any_app"


WALK = [
    ("navigate", "/about"),
    ("click", "Our shop"),
    ("navigate", "/"),
    ("click", "About us"),
    ("navigate", "/about"),
]


def walk(visitor: Visitor, deep_link: str) -> list[tuple[str, str]]:
    """A deep link, pages by links, and a capture in Python; gives what the browser captured."""
    visitor.open(deep_link)
    visitor.sees("About us")
    visitor.click("Our shop")
    visitor.click("Order", role="button")
    expect(visitor.page.get_by_text("1 ordered")).to_be_visible()
    visitor.click("About us")
    visitor.sees("About us")
    recorded = [(event["action"], event["subject"]) for event in visitor.recorded(len(WALK) + 1)]
    recorded.remove(("order", "978-1"))  # the server's own may be stored earlier
    return recorded


def test_below_a_path_pages_have_the_same_address_by_a_link_and_by_hand(
    visit: Visit, tmp_path: Path
) -> None:
    prefix = {"REFLEX_FRONTEND_PATH": "/portal", "REFLEX_BACKEND_PATH": "/portal"}
    with serve(
        APP,
        {"DATABASE_URL": database_in(tmp_path), **prefix},
        web_name="prefix",
        ping="/portal/ping",
    ) as url:
        visitor = visit(url, events_url=f"{url}/portal")

        assert walk(visitor, "/portal/about") == WALK
        assert visitor.page.request.get(f"{url}/portal/livez").ok

        other = visit(url, events_url=f"{url}/portal")
        other.open("/portal/")
        other.click("A guide")
        other.sees("Guide")
        other.click("Start")
        other.click("By a script", role="button")
        other.open("/portal/nope")
        named = [
            (one["action"], one["subject"], one["context"]["extension"], one.get("attributes"))
            for one in other.recorded(8)
            if one["action"] != "click" or one["subject"] == "A guide"
        ]
        assert named == [
            ("navigate", "/", "App", {}),
            ("click", "A guide", "shop", {"to": "/guide/first/steps"}),
            ("navigate", "/guide/first/steps", "App", {"splat": "first/steps"}),
            ("navigate", "/", "App", {}),
            ("navigate", "/about?x=1", "App", {}),
            ("navigate", "/nope", "App", {}),
            ("not-found", "/nope", "App", None),
        ]


def test_pages_on_a_host_of_their_own_send_to_the_backends(visit: Visit, tmp_path: Path) -> None:
    frontend, backend = free_port(), free_port()
    pages = f"http://shop.localhost:{frontend}"
    environment = {
        "DATABASE_URL": database_in(tmp_path),
        "REFLEX_API_URL": f"http://api.localhost:{backend}",
        "REFLEX_DEPLOY_URL": pages,
    }
    subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=APP,
        env=reflex_environment(APP, environment, web_name="split"),
        check=True,
        capture_output=True,
        timeout=START_SECONDS,
    )
    only_backend = ["run", "--env", "prod", "--backend-only", "--backend-port", str(backend)]
    ready = f"http://localhost:{backend}/ping"
    with (
        served_folder(APP / ".web-split" / "build" / "client", frontend),
        run_reflex(APP, only_backend, environment, web_name="split", ready=ready),
    ):
        visitor = visit(pages, events_url=f"http://localhost:{backend}")

        assert walk(visitor, "/about/") == [("navigate", "/about/"), *WALK[1:]]


@contextlib.contextmanager
def served_folder(folder: Path, port: int) -> Generator[None]:
    """Serve files, as a host of static files does."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
