"""One scenario's visit: a fresh browser profile that does the steps."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

_RENDERED = """() => {
  const root = Object.entries(document).find(([key]) => key.startsWith('__reactContainer'))?.[1];
  const { state } = window.__reactRouterDataRouter ?? {};
  return root?.stateNode.pendingLanes === 0
    && state?.initialized && state.navigation.state === 'idle';
}"""
"""React has nothing left to render, and the page's own code has been loaded."""
_POLLING_MS = 100
_TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)
_SESSION = """localStorage.getItem('backstage_py.session') ?? localStorage.setItem(
  'backstage_py.session', JSON.stringify({ id: '%s', seen: Date.now() }))"""


class Visit:
    """Does the steps of a scenario and waits after each until the app is idle."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._context = browser.new_context(base_url=base_url)
        self.session_id = uuid.uuid4().hex
        self._context.add_init_script(_SESSION % self.session_id)
        self._page = self._context.new_page()
        self._context.on("page", lambda other: other.close())
        self._trouble: list[str] = []
        self._page.on("pageerror", lambda error: self._trouble.append(str(error)))
        self._page.on("crash", lambda _: self._trouble.append("the page crashed"))
        self._page.on("requestfailed", lambda it: self._trouble.append(f"{it.url} {it.failure}"))

    def close(self) -> None:
        """Close the profile."""
        self._context.close()

    def do(self, step: Mapping[str, Any]) -> None:
        """Do one step and wait until the app is idle."""
        match dict(step):
            case {"open": path}:
                self._page.goto(path)
            case {"click": id_, **more}:
                for _ in range(more.get("times", 1)):
                    self._page.locator(f"[id={json.dumps(id_)}]").evaluate(
                        "element => element.click()"
                    )
            case {"back": True}:
                self._page.go_back()
            case {"forward": True}:
                self._page.go_forward()
            case {"reload": True}:
                self._page.reload()
            case {"wait": milliseconds}:
                self._page.wait_for_timeout(milliseconds)
            case {"leave": True}:
                self._page.close(run_before_unload=True)
                return
        self._wait_until_idle(self._page)

    def _wait_until_idle(self, page: Page) -> None:
        try:
            page.wait_for_function(_RENDERED, polling=_POLLING_MS)
            page.wait_for_load_state("networkidle")
            page.wait_for_function(_RENDERED, polling=_POLLING_MS)
        except PlaywrightTimeoutError as error:
            error.add_note("\n".join([f"{page.url} was not rendered", *self._trouble]))
            raise
        page.evaluate(_TWO_FRAMES)
