"""What a visitor does, and what the portal has recorded of it."""

import uuid
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx
from playwright.sync_api import BrowserContext, Locator, Page, expect

from backstage_py.analytics import RecordedEvent
from backstage_py.analytics.testing import StoredEvents, bare

PATIENCE_SECONDS = 20.0
"""How long what must happen may take: a busy machine is slow, and not wrong."""
_SESSION = """self.origin === 'null' || (localStorage.getItem('backstage_py.session') ??
  localStorage.setItem('backstage_py.session', JSON.stringify({ id: '%s', seen: Date.now() })))"""
"""A sandboxed frame has no storage."""


class StoredDeeds(StoredEvents):
    """What people do: without what a browser measures beside it, at times of its own."""

    def list(self) -> list[RecordedEvent]:
        return [event for event in super().list() if event.action != "web-vital"]


class Visitor:
    """A person in a browser profile of their own."""

    def __init__(self, context: BrowserContext, events_url: str) -> None:
        session_id = uuid.uuid4().hex
        context.add_init_script(_SESSION % session_id)
        self.page: Page = context.new_page()
        self._events_url = events_url
        self.events = StoredDeeds(events_url, session_id, sleep=self._sleep)
        self.measured = StoredEvents(events_url, session_id, sleep=self._sleep)
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
        self.measured.close()
        if kind is None:
            assert self.errors == [], self.errors

    def open(self, path: str) -> None:
        """Load an address, until the page has gone quiet; its events may still be in the outbox."""
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")

    def click(self, name: str, role: Any = "link", within: Locator | None = None) -> None:
        """Click what has this role and name."""
        place = self.page if within is None else within
        place.get_by_role(role, name=name, exact=True).first.click()

    def sign_in(self, name: str) -> None:
        """Sign in as one of the people of the tests' OpenID provider."""
        self.click("Sign in with OpenID Connect")
        self.click(name)

    def sees(self, text: str) -> None:
        """Wait for a heading."""
        expect(self.page.get_by_role("heading", name=text, exact=True).first).to_be_visible()

    def recorded(self, count: int) -> list[dict[str, Any]]:
        """The first `count` events of this visit, once they are there, without their envelope."""
        self.events.wait_until(count, PATIENCE_SECONDS)
        return [bare(event) for event in self.events.list()]

    def open_record(self, *, since: datetime | None = None) -> StoredDeeds:
        """The events of all visitors, as this one may read them; close it after use."""
        cookies = {one.get("name", ""): one.get("value", "") for one in self.page.context.cookies()}
        client = httpx.Client(cookies=cookies, trust_env=False)
        return StoredDeeds(self._events_url, since=since, client=client, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        if not self.page.is_closed():
            self.page.wait_for_timeout(seconds * 1000)
