"""What a person feels of the instrumentation: from a click to the next page on the screen.

The same app with and without the plugin, visited by turns in one browser.
"""

import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.served_app import chromium, serve

ROUNDS = 30
_TINY_APP = Path(__file__).parent.parent / "examples" / "tiny_app"
_CLICK_UNTIL_SHOWN = (Path(__file__).parent / "interaction.js").read_text(encoding="utf-8")


def measure() -> Iterator[dict[str, Any]]:
    """Milliseconds from the click on a link until the page that it leads to is shown."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(chromium(playwright))
        pages: dict[str, Page] = {}
        for name in ("with", "without"):
            app = folder / name
            shutil.copytree(_TINY_APP, app, ignore=shutil.ignore_patterns(".*", "__pycache__"))
            if name == "without":
                _take_the_plugin_out(app / "rxconfig.py")
            environment = {"DATABASE_URL": f"sqlite:///{app / 'events.db'}"}
            pages[name] = stack.enter_context(browser.new_page())
            pages[name].goto(stack.enter_context(serve(app, environment)))
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, page in pages.items():
                times[name].append(_visit(page))
    medians = {name: statistics.median(found) for name, found in times.items()}
    yield {
        "figure": "interaction latency",
        "with_plugin_ms": round(medians["with"], 2),
        "without_plugin_ms": round(medians["without"], 2),
        "ratio": round(medians["with"] / medians["without"], 2),
    }


def _visit(page: Page) -> float:
    page.get_by_role("link", name="Honey cake").wait_for()
    milliseconds: float = page.evaluate(_CLICK_UNTIL_SHOWN, ["Honey cake", "A cake"])
    page.go_back()
    return milliseconds


def _take_the_plugin_out(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    without = re.sub(r"AnalyticsPlugin\([^)]*\),", "", text)
    if without == text:
        sys.exit(f"{config} has no line with the plugin any more")
    config.write_text(without, encoding="utf-8")
