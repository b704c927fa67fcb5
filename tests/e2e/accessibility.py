"""What axe-core finds on a page, and how far it reaches out of the window."""

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

_COLORS = ("color-contrast",)
"""The rules that another theme can break; the others look at what is the same in both."""
_LOOKS: tuple[tuple[int, int, Scheme, Sequence[str]], ...] = (
    (1440, 900, "light", ()),
    (1440, 900, "dark", _COLORS),
    (390, 844, "dark", ()),
    (390, 844, "light", _COLORS),
)


def find_faults(page: Page) -> dict[str, tuple[list[Any], int]]:
    """What is wrong with a page on a desktop and on a phone, in light and in dark, if anything."""
    size_before = page.viewport_size
    faults = {
        f"{width} {scheme}": _look(page, width, height, scheme, rules)
        for width, height, scheme, rules in _LOOKS
    }
    page.emulate_media(color_scheme="null")
    if size_before is not None:
        page.set_viewport_size(size_before)
    return {look: found for look, found in faults.items() if found != ([], 0)}


def _look(
    page: Page, width: int, height: int, scheme: Scheme, rules: Sequence[str]
) -> tuple[list[Any], int]:
    """Serious violations with the first elements that have them, and the pixels of overflow."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => document.documentElement.classList.contains(scheme)", arg=scheme
    )
    return list_violations(page, rules), measure_overflow(page)


def list_violations(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """Serious violations of some rules or of all, each with the first elements that have it."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # the others take long to describe
    if rules:
        options["runOnly"] = list(rules)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("async (options) => (await axe.run(options)).violations", options)
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
