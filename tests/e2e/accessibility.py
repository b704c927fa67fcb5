"""What axe-core finds on a page, and how far it reaches out of the window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESKTOP, PHONE = (1440, 900), (390, 844)


def find_faults(page: Page) -> tuple[list[Any], int]:
    """Serious violations with the first elements that have them, and the pixels of overflow."""
    violations = Axe().run(page).response["violations"]
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    serious = [
        (found["id"], [node["html"] for node in found["nodes"]][:3])
        for found in violations
        if found["impact"] in {"serious", "critical"}
    ]
    return serious, overflow
