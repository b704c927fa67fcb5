"""What axe-core finds on a page, and how far it reaches out of the window."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

_AXE = Axe()

_SIZES = ((1440, 900), (390, 844))
_BY_COLOR = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on the theme; the others are asked once for each width."""


def find_faults(page: Page) -> dict[str, tuple[list[Any], int]]:
    """What is wrong with a page at both widths in both themes, where anything is."""
    size_before = page.viewport_size
    faults: dict[str, tuple[list[Any], int]] = {}
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        _switch_to(page, "light")
        faults[f"{width} light"] = list_violations(page), measure_overflow(page)
        _switch_to(page, "dark")
        faults[f"{width} dark"] = list_violations(page, *_BY_COLOR), 0
    page.emulate_media(color_scheme="null")
    if size_before is not None:
        page.set_viewport_size(size_before)
    return {look: found for look, found in faults.items() if found != ([], 0)}


def _switch_to(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => document.documentElement.classList.contains(scheme)", arg=scheme
    )


def list_violations(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """Serious violations, of these rules or of any, each with the first elements that have it."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # all that is fine would take long
    if rules:
        options["runOnly"] = list(rules)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_AXE.axe_script)
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
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
