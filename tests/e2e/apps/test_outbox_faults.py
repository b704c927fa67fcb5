"""The trial of the rivals: 50 events in one tick, and then everything goes wrong.

Each time all 50 are stored, none of them twice, without any further event.
"""

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route

from backstage_py.analytics import RecordedEvent
from backstage_py.analytics.testing import StoredEvents
from tests.served_app import WITH_WINDOWS, chromium_options

pytestmark = pytest.mark.e2e

EVENTS = 50
CAPTURE = """count => {
  const order = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Order');
  for (let index = 0; index < count; index += 1) order.click();
}"""
NEXT_FRAME = "new Promise(requestAnimationFrame)"
"""What the page said to its database has left its process by then."""
_SESSION = """localStorage.setItem(
  'backstage_py.session', JSON.stringify({ id: '%s', seen: Date.now() }))"""


class Profile:
    """A browser on a profile that outlives it."""

    def __init__(self, playwright: Playwright, folder: Path, base_url: str) -> None:
        self._playwright = playwright
        self._folder = folder
        self.base_url = base_url
        self.arrived = 0
        self.session_id = uuid.uuid4().hex
        self.events = StoredEvents(base_url, self.session_id, sleep=self._sleep)
        self.context: BrowserContext
        self.page: Page
        self.start()

    def start(self) -> None:
        """Start the browser; its first visit has the session that the test asks for."""
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self._folder), base_url=self.base_url, **chromium_options(WITH_WINDOWS)
        )
        self.page = self.context.pages[0]

    def visit(self) -> None:
        """Open the page with the button, in the session that is counted."""
        self.page.goto("/about")
        self.page.evaluate(_SESSION % self.session_id)
        self.page.goto("/cakes/carrot")
        self.events.wait_for(action="navigate", subject="/cakes/carrot")
        self.page.wait_for_timeout(500)
        self.arrived = len(self.events.list())

    def capture(self, count: int = EVENTS) -> None:
        """Capture `count` events in one tick."""
        self.page.evaluate(CAPTURE, count)

    def come_back(self) -> None:
        """Open the app again, elsewhere, and in a session of its own."""
        self.page.goto("/about")

    def kill(self) -> None:
        """`kill -9` of the browser."""
        os.kill(_process_of(self._folder), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()

    def stored(self, count: int = EVENTS, timeout_seconds: float = 60) -> list[str]:
        """The ids of the captured events, once there are `count`, and no more come."""
        self.events.wait_until(self.arrived + count, timeout_seconds)
        self._sleep(0.5)
        return [event.id for event in self.events.list() if event.subject == "Order"]

    def everything(self) -> list[RecordedEvent]:
        """All that is stored, of any session."""
        with StoredEvents(self.base_url) as events:
            return events.list()

    def close(self) -> None:
        """Close the browser."""
        with contextlib.suppress(Error):
            self.context.close()
        self.events.close()

    def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(Error):
            self.page.wait_for_timeout(seconds * 1000)
            return
        time.sleep(seconds)


OpenProfile = Callable[[], Profile]


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path, tiny_app_url: str) -> Iterator[Profile]:
    with ExitStack() as stack:
        profile = Profile(playwright, tmp_path, tiny_app_url)
        stack.callback(profile.close)
        profile.visit()
        yield profile


def require_all(profile: Profile, count: int = EVENTS) -> None:
    ids = profile.stored(count)
    assert (len(ids), len(set(ids))) == (count, count)


def reset_connections(context: BrowserContext) -> None:
    context.route("**/api/events", lambda route: route.abort("connectionreset"))


def test_when_nothing_goes_wrong(profile: Profile) -> None:
    profile.capture()

    require_all(profile)


def test_when_the_page_is_left_at_once(profile: Profile) -> None:
    profile.page.evaluate(f"({CAPTURE})({EVENTS}); location.href = '/about'")

    require_all(profile)


def test_when_the_tab_is_closed_offline(profile: Profile) -> None:
    profile.context.set_offline(True)
    profile.capture()
    profile.page.wait_for_timeout(3_000)
    profile.page.close()
    profile.context.set_offline(False)
    profile.page = profile.context.new_page()
    profile.come_back()

    require_all(profile)


@pytest.mark.parametrize("seconds", [0, 3, 12])
def test_when_the_browser_is_killed(profile: Profile, seconds: int) -> None:
    reset_connections(profile.context)
    profile.capture()
    profile.page.evaluate(NEXT_FRAME)
    profile.page.wait_for_timeout(seconds * 1000)
    profile.kill()
    profile.start()
    profile.come_back()

    require_all(profile)


def test_when_the_server_is_unavailable_for_12_seconds(profile: Profile) -> None:
    healthy_at = time.monotonic() + 12

    def answer(route: Route) -> None:
        if time.monotonic() < healthy_at:
            route.fulfill(status=503)
        else:
            route.continue_()

    profile.context.route("**/api/events", answer)
    profile.capture()

    ids = profile.stored(timeout_seconds=45)
    assert (len(ids), len(set(ids))) == (EVENTS, EVENTS)


def test_when_an_answer_is_lost_after_the_commit(profile: Profile) -> None:
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route)
            route.fetch()
            route.abort()

    profile.context.route("**/api/events", lose_the_first)
    profile.capture()

    require_all(profile)


def test_two_tabs_send_one_after_the_other(profile: Profile) -> None:
    other = profile.context.new_page()
    other.goto("/cakes/carrot")
    other.get_by_role("button", name="Order").wait_for()
    profile.page.wait_for_timeout(1_000)
    under_way: list[Route] = []
    most = 0

    def answer_slowly(route: Route) -> None:
        nonlocal most
        under_way.append(route)
        most = max(most, len(under_way))
        profile.page.wait_for_timeout(100)
        under_way.remove(route)
        route.continue_()

    profile.context.route("**/api/events", answer_slowly)
    for page in (profile.page, other):
        page.evaluate(CAPTURE, 100)

    require_all(profile, 200)
    assert most == 1


@pytest.mark.parametrize(
    "blocked",
    [
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('blocked'); } })",
        "indexedDB.open = () => { throw new Error('blocked'); }",
        "indexedDB.open = () => ({})",
        """const { open } = indexedDB;
        indexedDB.open = (name, version) => {
          open.call(indexedDB, name, version + 1); // the database of a later version
          return open.call(indexedDB, name, version);
        }""",
        """const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (entry) {
          put.call(this, entry);
          this.transaction.abort(); // as where the quota is exceeded
        }""",
        "Object.defineProperty(navigator, 'locks', { value: undefined })",
    ],
)
def test_what_a_browser_blocks_costs_no_event(profile: Profile, blocked: str) -> None:
    profile.context.add_init_script(blocked)
    profile.page.goto("/cakes/carrot")
    profile.page.get_by_role("button", name="Order").wait_for()

    profile.capture()

    ids = profile.stored(EVENTS + 1)  # and the navigate of the page
    assert (len(ids), len(set(ids))) == (EVENTS, EVENTS)


def test_a_full_queue_gives_up_the_oldest_and_says_how_many(profile: Profile) -> None:
    reported: list[int] = []
    profile.context.set_offline(True)
    for _ in range(10):
        profile.capture(1_005)
        profile.page.wait_for_timeout(200)
    profile.context.on(
        "request",
        lambda request: reported.append((request.post_data_json or {}).get("dropped", 0)),
    )
    profile.context.set_offline(False)

    ids = profile.stored(10_000, timeout_seconds=180)

    assert len(ids) == len(set(ids)) == 10_000
    assert [count for count in reported if count] == [50]


def test_a_verdict_is_done_to_each_event_alone(profile: Profile) -> None:
    bodies: list[list[str]] = []

    def judge(route: Route) -> None:
        ids = [event["id"] for event in (route.request.post_data_json or {})["events"]]
        bodies.append(ids)
        if len(bodies) > 1:
            route.continue_()
            return
        verdict = {"index": 0, "reason": "because"}
        rejected, retry = {**verdict, "id": ids[0]}, {**verdict, "id": ids[1]}
        report = {"accepted": 1, "duplicates": 0, "rejected": [rejected], "retry": [retry]}
        route.fulfill(json=report)

    profile.context.route("**/api/events", judge)
    profile.capture(3)

    assert profile.stored(1) == [bodies[0][1]]
    assert [len(ids) for ids in bodies] == [3, 1]


def test_a_login_page_is_not_an_answer(profile: Profile) -> None:
    logins = iter([True, True])

    def answer(route: Route) -> None:
        if next(logins, False):
            route.fulfill(status=200, content_type="text/html", body="<h1>Sign in</h1>")
        else:
            route.continue_()

    profile.context.route("**/api/events", answer)
    profile.capture()

    require_all(profile)


def test_what_is_too_large_is_sent_in_parts(profile: Profile) -> None:
    def accept_ten(route: Route) -> None:
        if len((route.request.post_data_json or {})["events"]) > 10:
            route.fulfill(status=413)
        else:
            route.continue_()

    profile.context.route("**/api/events", accept_ten)
    profile.capture()

    require_all(profile)


@pytest.mark.parametrize("years", [-5, 5])
def test_a_clock_that_is_years_off_is_corrected(profile: Profile, years: int) -> None:
    offset = years * 365 * 24 * 3600 * 1000
    seen = {event.id for event in profile.everything()}
    profile.context.add_init_script(
        f"""const Real = Date;
        Date = class extends Real {{
          constructor(...given) {{ given.length ? super(...given) : super(Date.now()); }}
          static now() {{ return Real.now() + {offset}; }}
        }};"""
    )
    before = time.time()
    profile.page.goto("/cakes/carrot")
    profile.page.get_by_role("button", name="Order").wait_for()
    profile.capture()
    profile.page.wait_for_timeout(2_000)

    events = [event for event in profile.everything() if event.id not in seen]
    orders = [event for event in events if event.subject == "Order"]
    assert len(orders) == EVENTS
    assert all(before - 5 < event.timestamp.timestamp() < time.time() + 5 for event in orders)


def _process_of(folder: Path) -> int:
    """The browser that runs on a profile: its children have a --type."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            arguments = path.read_bytes().split(b"\0")
            is_ours = f"--user-data-dir={folder}".encode() in arguments
            if is_ours and not any(argument.startswith(b"--type=") for argument in arguments):
                return int(path.parent.name)
    raise AssertionError(f"no browser runs on {folder}")
