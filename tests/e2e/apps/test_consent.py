"""Nothing is captured, kept or stored of people who opted out, in any Reflex app."""

import uuid
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from backstage_py.analytics.testing import StoredEvents
from tests.e2e.conftest import Visit
from tests.e2e.visitor import StoredDeeds, Visitor

pytestmark = pytest.mark.e2e

SIGNALS = {
    "gpc": ("globalPrivacyControl", "true", "Sec-GPC"),
    "dnt": ("doNotTrack", "'1'", "DNT"),
}
OFF, ON = "Stop recording my activity", "Record my activity"


def signalling(visit: Visit, url: str, signal: str) -> Visitor:
    """A visitor whose browser asks not to be tracked."""
    name, value, header = SIGNALS[signal]
    visitor = visit(url, extra_http_headers={header: "1"})
    visitor.page.context.add_init_script(
        f"Object.defineProperty(navigator, '{name}', {{ value: {value} }})"
    )
    return visitor


def posts_of(visitor: Visitor) -> list[str]:
    """The bodies that are posted from now on."""
    posts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posts.append(request.post_data or "")

    visitor.page.on("request", note)
    return posts


def kept_in(page: Page) -> dict[str, Any]:
    """What the browser keeps of the person."""
    return page.evaluate(
        """async () => ({
          queues: (await indexedDB.databases()).map(({ name }) => name)
            .filter((name) => name.startsWith("backstage_py:")),
          session: JSON.parse(localStorage.getItem("backstage_py.session"))?.id ?? null,
        })"""
    )


def subjects_with(url: str, visit: Visit, mark: str) -> list[str]:
    """What is stored with this mark, once what somebody else did after it is there too."""
    later = visit(url)
    later.open(f"/about?later={mark}")
    later.recorded(1)
    with StoredEvents(url) as stored:
        return [one.subject for one in stored.list() if f"mark={mark}" in one.subject]


def recorded_in(url: str, session: str, count: int) -> list[str]:
    """The first `count` subjects of a visit."""
    with StoredEvents(url, session) as stored:
        return [event.subject for event in stored.wait_until(count)]


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_browser_that_signals_captures_nothing_and_keeps_nothing(
    visit: Visit, tiny_app_url: str, signal: str
) -> None:
    visitor, mark = signalling(visit, tiny_app_url, signal), uuid.uuid4().hex
    posts = posts_of(visitor)

    visitor.open(f"/about?mark={mark}")
    visitor.click("Cakes")
    visitor.click("Carrot cake")
    expect(visitor.page.get_by_text("A cake")).to_be_visible()
    visitor.open(f"/about?mark={mark}")
    expect(visitor.page.get_by_role("button", name=ON, exact=True)).to_be_visible()

    assert kept_in(visitor.page) == {"queues": [], "session": None}
    assert posts == []
    assert subjects_with(tiny_app_url, visit, mark) == []


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_the_endpoint_takes_nothing_of_a_request_that_signals(
    tiny_app_url: str, header: str
) -> None:
    event = {"id": str(uuid.uuid4()), "action": "click", "subject": "Docs"}

    answer = httpx.post(
        f"{tiny_app_url}/api/events", json={"events": [event]}, headers={header: "1"}
    ).json()

    assert (answer["accepted"], answer["duplicates"], answer["declined"]) == (0, 0, True)
    assert [one["id"] for one in answer["rejected"]] == [event["id"]]


def test_people_who_say_yes_despite_the_signal_are_recorded_from_then_on(
    visit: Visit, tiny_app_url: str
) -> None:
    visitor = signalling(visit, tiny_app_url, "gpc")
    visitor.open("/about")

    with visitor.page.expect_response("**/api/events/choice"):
        visitor.click(ON, role="button")
    visitor.click("Cakes")
    visitor.page.wait_for_url("**/")
    session = kept_in(visitor.page)["session"]

    assert recorded_in(tiny_app_url, session, 3) == [ON, "Cakes", "/"]


def test_waiting_events_are_discarded_on_switching_off_and_recording_starts_over(
    visit: Visit, tiny_app_url: str
) -> None:
    visitor = visit(tiny_app_url)
    visitor.open("/about")
    visitor.recorded(1)
    first = kept_in(visitor.page)["session"]
    visitor.page.route("**/api/events", lambda route: route.abort())
    visitor.click("Cakes")
    visitor.click("About us")

    visitor.click(OFF, role="button")
    expect(visitor.page.get_by_role("button", name=ON, exact=True)).to_be_visible()
    kept = kept_in(visitor.page)
    posts = posts_of(visitor)  # a post may still have begun before switching off
    visitor.page.unroute("**/api/events")
    visitor.click("Cakes")
    visitor.click("About us")
    visitor.click(ON, role="button")
    expect(visitor.page.get_by_role("button", name=OFF, exact=True)).to_be_visible()
    visitor.click("Cakes")
    visitor.page.wait_for_url("**/")

    second = kept_in(visitor.page)["session"]
    assert kept == {"queues": [], "session": None}
    assert second not in {None, first}
    assert recorded_in(tiny_app_url, second, 3) == [ON, "Cakes", "/"]
    assert len(visitor.recorded(1)) == 1
    assert all(second in post for post in posts)


def test_another_tab_hears_of_the_choice(visit: Visit, tiny_app_url: str) -> None:
    visitor = visit(tiny_app_url)
    visitor.open("/about")
    other = visitor.page.context.new_page()
    other.goto("/about")
    expect(other.get_by_role("button", name=OFF, exact=True)).to_be_visible()

    visitor.click(OFF, role="button")

    expect(other.get_by_role("button", name=ON, exact=True)).to_be_visible()


def test_handlers_in_python_capture_nothing_of_people_who_send_the_signal(
    visit: Visit, capture_app_url: str
) -> None:
    visitor = signalling(visit, capture_app_url, "gpc")
    visitor.open("/")
    expect(visitor.page.locator("#mode")).to_have_text("simple")
    with StoredDeeds(capture_app_url) as stored:
        before = len(stored.list())

        visitor.click("Python in a memo", role="button")
        visitor.click("In a condition", role="button")
        visitor.page.wait_for_load_state("networkidle")
        witness = visit(capture_app_url)
        witness.open("/")
        witness.recorded(1)

        after = [event.action for event in stored.list()[before:]]
    assert after == ["navigate"]
