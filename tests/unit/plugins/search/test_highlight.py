from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.search.highlight import highlight, highlight_excerpt
from backstage_py.plugins.search.match import Term

BOOK = Term("book", is_prefix=True)


def marked(text: str, *terms: Term) -> str:
    return "".join(f"[{s.text}]" if s.is_match else s.text for s in highlight(text, terms))


def test_whole_words_are_marked_and_the_rest_stays() -> None:
    assert marked("A booking, a Book; notebooks", BOOK) == "A [booking], a [Book]; notebooks"
    assert marked("Café and cafe", Term("cafe")) == "[Café] and [cafe]"
    assert marked("nothing", BOOK) == "nothing"
    assert marked("", BOOK) == ""  # ruff: ignore[compare-to-empty-string]


def test_an_excerpt_begins_a_little_before_the_first_word() -> None:
    text = "word " * 50 + "booking " + "tail " * 100
    parts = highlight_excerpt(text, [BOOK])

    assert parts[0].text == "… "
    assert parts[-1].text == " …"
    assert [part.text for part in parts if part.is_match] == ["booking"]
    assert sum(len(part.text) for part in parts) < 260


def test_markup_stays_text() -> None:
    assert marked("<b>booking</b>", BOOK) == "<b>[booking]</b>"


@given(st.text(), st.lists(st.text(min_size=1, max_size=5)))
def test_the_parts_are_the_text(text: str, words: list[str]) -> None:
    terms = [Term(word.casefold(), is_prefix=True) for word in words]

    assert "".join(part.text for part in highlight(text, terms)) == text
    assert highlight_excerpt(text, terms) is not None
