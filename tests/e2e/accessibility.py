"""What axe-core finds on a page, and how far it reaches out of the window."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

_LOOKS: tuple[tuple[int, int, Scheme], ...] = ((1440, 900, "light"), (390, 844, "dark"))
"""Both widths and both themes, without looking four times."""


def find_faults(page: Page) -> dict[str, tuple[list[Any], int]]:
    """What is wrong with a page on a desktop in light and on a phone in dark, where anything is."""
    size_before = page.viewport_size
    faults = {
        f"{width} {scheme}": _look(page, width, height, scheme) for width, height, scheme in _LOOKS
    }
    page.emulate_media(color_scheme="null")
    if size_before is not None:
        page.set_viewport_size(size_before)
    return {look: found for look, found in faults.items() if found != ([], 0)}


def _look(page: Page, width: int, height: int, scheme: Scheme) -> tuple[list[Any], int]:
    """Serious violations with the first elements that have them, and the pixels of overflow."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => document.documentElement.classList.contains(scheme)", arg=scheme
    )
    return list_violations(page), measure_overflow(page)


def list_violations(page: Page) -> list[tuple[str, list[str]]]:
    """Serious violations, each with the first elements that have it."""
    options = {"resultTypes": ["violations"]}  # axe takes long to describe all that is fine
    violations = Axe().run(page, options=options).response["violations"]
    return [
        (found["id"], [node["html"] for node in found["nodes"]][:3])
        for found in violations
        if found["impact"] in {"serious", "critical"}
    ]


def measure_overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
