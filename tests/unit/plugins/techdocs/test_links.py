import pytest

from backstage_py.plugins.techdocs import links
from backstage_py.plugins.techdocs.links import MAX_SIZED_IMAGES
from tests.unit.plugins.techdocs.conftest import BASE, STATIC, Docs


@pytest.fixture
def linked(docs: Docs) -> Docs:
    for name in ("docs/index.md", "docs/guides/setup.md", "docs/guides/index.md", "docs/a b.md"):
        docs.write(name)
    docs.write("docs/images/logo.png", b"png")
    docs.write("docs/files/x.py", b"print()")
    return docs


def hrefs(docs: Docs, page: str, address: str, text: str) -> str:
    docs.write(f"docs/{page}", text)
    return docs.page(address).html


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("setup.md", f"{BASE}/guides/setup"),
        ("./setup.md#part", f"{BASE}/guides/setup#part"),
        ("../index.md", BASE),
        ("..", f"{BASE}/guides"),
        ("index.md", f"{BASE}/guides"),
        ("../a%20b.md", f"{BASE}/a%20b"),
        ("../setup/", f"{BASE}/guides/setup"),
        ("../files/x.py", f"{STATIC}/files/x.py"),
        ("gone.md", f"{BASE}/guides/gone"),
        ("#here", "#here"),
        ("/catalog", "/catalog"),
        ("https://example.com/x.md", "https://example.com/x.md"),
        ("mailto:a@example.com", "mailto:a@example.com"),
    ],
)
def test_a_link_leads_to_what_its_author_means(linked: Docs, link: str, expected: str) -> None:
    html = hrefs(linked, "guides/more.md", "guides/more", f'[x]({link}) <a href="{link}">y</a>')

    assert html.count(f'href="{expected}"') == 2


@pytest.mark.parametrize("link", ["../../secret.md", "../../../x", "a/../../../x.md"])
def test_a_link_out_of_the_documentation_leads_nowhere(linked: Docs, link: str) -> None:
    html = hrefs(linked, "guides/more.md", "guides/more", f"[text]({link}) ![image]({link})")

    assert "href=" not in html
    assert "src=" not in html
    assert "text" in html


@pytest.mark.parametrize("source", ["../images/logo.png", "../../images/logo.png"])
def test_an_image_is_found_by_its_file_or_as_mkdocs_serves_it(linked: Docs, source: str) -> None:
    html = hrefs(linked, "guides/more.md", "guides/more", f'<img src="{source}" alt="">')

    assert f'src="{STATIC}/images/logo.png"' in html


@pytest.mark.parametrize(
    ("image", "room"),
    [
        ("![](../images/plan.svg)", ' width="420" height="90"'),
        ("![](../images/logo.png)", ""),
        ('<img width="40" alt="" src="../images/plan.svg">', ""),
        ('<img alt="" src="../images/plan.svg" height="9">', ""),
    ],
)
def test_an_image_has_its_place_before_it_is_loaded(linked: Docs, image: str, room: str) -> None:
    linked.write("docs/images/plan.svg", b'<svg viewBox="0 0 420 90"></svg>')

    html = hrefs(linked, "guides/more.md", "guides/more", image)

    assert html.count(' width="420" height="90"') == bool(room)


def test_of_thousands_of_images_the_first_ones_are_read_once(
    linked: Docs, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"images/{number}.svg" for number in range(MAX_SIZED_IMAGES + 5)]
    for name in names:
        linked.write(f"docs/{name}", b'<svg viewBox="0 0 420 90"></svg>')
    sized: list[bytes] = []
    monkeypatch.setattr(links, "read_size", lambda data: sized.append(data) or (420, 90))

    html = hrefs(linked, "more.md", "more", "".join(f"![]({name})" for name in names * 3))

    assert len(sized) == MAX_SIZED_IMAGES
    assert html.count(' width="420" height="90"') == 3 * MAX_SIZED_IMAGES
