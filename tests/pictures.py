"""Retakes the pictures of the README: `make pictures`.

Each is taken in light and in dark, at 1440 x 900, of the demo portal with 90 days of sample data.
`PORTAL_URL` names a running portal to take them of, with sample data in it already.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from tests.served_app import build_portal, chromium, serve_portal

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SAMPLE = ("events", "simulate", "--days", "90", "--users", "300", "--seed", "1")


@dataclass(frozen=True)
class Picture:
    """A picture: its file, what it is of, a heading to wait for, and what to do before."""

    name: str
    path: str
    heading: str
    prepare: Callable[[Page], None] = lambda _: None


def _open_first_event(page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    page.locator("details summary").first.click()


PICTURE_LIST = (
    Picture("insights", "/insights", "Insights"),
    Picture("catalog", "/catalog", "Components (26)"),
    Picture("entity", "/catalog/default/component/departure-boards", "Relations"),
    Picture("wizard", "/create/templates/default/service", "What is it?"),
    Picture("events", "/events", "Events", _open_first_event),
)


def main() -> None:
    """Retake all of them."""
    PICTURES.mkdir(exist_ok=True)
    with _portal() as url, sync_playwright() as playwright, chromium(playwright) as browser:
        for scheme in SCHEMES:
            page = browser.new_page(
                base_url=url, viewport={"width": 1440, "height": 900}, color_scheme=scheme
            )
            for picture in PICTURE_LIST:
                page.goto(picture.path)
                heading = page.get_by_role("heading", name=picture.heading, exact=True)
                heading.first.wait_for()
                page.wait_for_function("!document.querySelector('.bp-skeletons')")
                page.wait_for_load_state("networkidle")
                picture.prepare(page)
                file = PICTURES / f"{picture.name}-{scheme}.png"
                page.screenshot(path=file, animations="disabled")
            page.close()


@contextmanager
def _portal() -> Generator[str]:
    if running := os.environ.get("PORTAL_URL"):
        yield running
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/events.db"}
        subprocess.run(
            [sys.executable, "-m", "backstage_py", *_SAMPLE],
            env={**os.environ, **environment},
            check=True,
        )
        build = build_portal(environment, web_name="tests")
        with serve_portal(build, environment, log=Path(folder, "portal.log")) as url:
            yield url


if __name__ == "__main__":
    main()
