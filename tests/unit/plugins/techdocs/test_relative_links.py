import html

from backstage_py.plugins.techdocs.relative_links import resolve_marked
from backstage_py.plugins.techdocs.sanitizer import Sanitizer


def resolve(text: str) -> str:
    return resolve_marked(
        Sanitizer().clean(text, mark="MARK/"),
        "MARK/",
        link=lambda address: None if address == "gone" else f"/link/{address}",
        file=lambda address: f"/file/{address}",
    )


def test_links_and_images_are_resolved_and_may_be_dropped() -> None:
    shown = resolve("<a href='a.md'>a</a><a href='gone'>b</a><img src='c.png' alt='c'>")

    assert 'href="/link/a.md"' in shown
    assert "gone" not in shown
    assert 'src="/file/c.png"' in shown


def test_a_text_that_looks_like_a_link_stays_a_text() -> None:
    assert resolve('<p>a href="b.md" c</p>') == '<p>a href="b.md" c</p>'


def test_what_is_resolved_cannot_leave_its_attribute() -> None:
    address = 'a"onerror="alert(1)&lt;b>'
    shown = resolve(f"<a href='{address}'>x</a>")

    assert shown.count('"') == 4
    assert f'href="/link/{html.escape(html.unescape(address))}"' in shown
