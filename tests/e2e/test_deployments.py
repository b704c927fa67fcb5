"""The ways to deploy a Reflex app: below a path, and with pages and backend on two hosts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, database_in
from tests.e2e.visitor import Visitor
from tests.served_app import free_port, run_reflex, serve

pytestmark = pytest.mark.e2e

APP = Path(__file__).parent / "any_app"


def walk(visitor: Visitor, prefix: str) -> list[tuple[str, str]]:
    """A deep link, a page by a link, and a capture in Python; gives what was recorded."""
    visitor.open(f"{prefix}/About/")
    visitor.sees("About us")
    visitor.click("Our shop")
    visitor.click("Order", role="button")
    expect(visitor.page.get_by_text("1 ordered")).to_be_visible()
    visitor.click("About us")
    visitor.sees("About us")
    return [(event["action"], event["subject"]) for event in visitor.recorded(6)]


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

        assert walk(visitor, "/portal") == [
            ("navigate", "/about"),
            ("click", "Our shop"),
            ("navigate", "/"),
            ("order", "978-1"),
            ("click", "About us"),
            ("navigate", "/about"),
        ]
        assert visitor.page.request.get(f"{url}/portal/livez").ok


def test_pages_on_a_host_of_their_own_send_to_the_backends(visit: Visit, tmp_path: Path) -> None:
    frontend, backend = free_port(), free_port()
    pages = f"http://shop.localhost:{frontend}"
    environment = {
        "DATABASE_URL": database_in(tmp_path),
        "REFLEX_API_URL": f"http://api.localhost:{backend}",
        "REFLEX_DEPLOY_URL": pages,
    }
    ports = ["--frontend-port", str(frontend), "--backend-port", str(backend)]
    ready = f"http://localhost:{backend}/ping"
    with run_reflex(
        APP, ["run", "--env", "prod", *ports], environment, web_name="split", ready=ready
    ):
        visitor = visit(pages, events_url=f"http://localhost:{backend}")

        assert [action for action, _ in walk(visitor, "")] == [
            *("navigate", "click", "navigate"),
            *("order", "click", "navigate"),
        ]
