import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.auth.redirects import safe_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/catalog/default/component/a?tab=docs&x=1#top",
        "/search?query=a%20b",
        "/search?query=a b",
        "/docs/ö",
        "/a?next=https://example.com/",
    ],
)
def test_a_page_of_the_portal_is_gone_back_to(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "catalog",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\\b",
        "https://evil.example/",
        "javascript:alert(1)",
        " //evil.example",
        "/api/auth/github/start",
        "/" + "a" * 2_000,
        "/a\r\nSet-Cookie: x=y",
        "/\x7f",
    ],
)
def test_what_may_lead_elsewhere_leads_home(path: str | None) -> None:
    assert safe_path(path) == "/"


@given(st.text())
def test_nothing_leads_to_another_host(text: str) -> None:
    path = safe_path(text)

    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
