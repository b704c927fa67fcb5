"""What a visitor does, and what the portal has recorded of it."""

import uuid
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, expect

from backstage_py.analytics.testing import StoredEvents, bare

PATIENCE_SECONDS = 60.0
"""How long to wait for events on a machine that is busy; it is not wrong to be slow."""

_SESSION = """localStorage.getItem('backstage_py.session') ?? localStorage.setItem(
  'backstage_py.session', JSON.stringify({ id: '%s', seen: Date.now() }))"""


class Visitor:
    """A person in a browser profile of their own."""

    def __init__(self, context: BrowserContext, events_url: str) -> None:
        session_id = uuid.uuid4().hex
        context.add_init_script(_SESSION % session_id)
        self.page: Page = context.new_page()
        self.events = StoredEvents(events_url, session_id, sleep=self._sleep)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.events.close()
        if kind is None:
            assert self.errors == [], self.errors

    def open(self, path: str) -> None:
        """Load an address, until its events are stored."""
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")

    def click(self, name: str, role: Any = "link", within: Locator | None = None) -> None:
        """Click what has this role and name."""
        place = self.page if within is None else within
        place.get_by_role(role, name=name, exact=True).first.click()

    def sees(self, text: str) -> None:
        """Wait for a heading."""
        expect(self.page.get_by_role("heading", name=text, exact=True).first).to_be_visible()

    def recorded(self, count: int) -> list[dict[str, Any]]:
        """The first `count` events of this visit, once they are there, without their envelope."""
        self.events.wait_until(count, PATIENCE_SECONDS)
        return [bare(event) for event in self.events.list()]

    def _sleep(self, seconds: float) -> None:
        if not self.page.is_closed():
            self.page.wait_for_timeout(seconds * 1000)
