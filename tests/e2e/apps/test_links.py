"""The link component: what it refuses, what it opens elsewhere, what it keeps to itself."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["A script", "A disguise"])
def test_a_script_is_not_an_address(visit: Visit, capture_app_url: str, name: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/links")
    title = visitor.page.title()

    refused = visitor.page.get_by_text(name, exact=True)
    refused.click()

    expect(refused).not_to_have_attribute("href", "")
    assert refused.get_attribute("href") is None
    assert visitor.page.title() == title
    assert [event["action"] for event in visitor.recorded(1)] == ["navigate"]


def test_another_site_opens_safely_in_a_new_tab(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/links")

    link = visitor.page.get_by_role("link", name="Another site , Opens in a new window")
    with visitor.page.context.expect_page() as opened:
        link.click()
    opened.value.close()

    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    assert visitor.recorded(2)[1]["attributes"] == {"to": "https://other.invalid/docs"}
    assert visitor.page.url == f"{capture_app_url}/links"


def test_a_quiet_link_captures_its_navigation_only(visit: Visit, capture_app_url: str) -> None:
    visitor = visit(capture_app_url)
    visitor.open("/links")

    visitor.click("Quiet")

    assert [event["subject"] for event in visitor.recorded(2)] == ["/links", "/"]
