import pytest

from backstage_py.portal.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("A booking is *held* for **ten** minutes", "A booking is held for ten minutes"),
        ("See [the docs](https://x.example) and `code`", "See the docs and code"),
        ("# Title\n\n- one\n- two", "Title one two"),
        ("snake_case_name and 2 * 3 * 4 stay", "snake_case_name and 2 * 3 * 4 stay"),
        ("[**bold** link](x)", "bold link"),
        ("", ""),
    ],
)
def test_only_the_words_are_left(markdown: str, words: str) -> None:
    assert plain_text(markdown) == words
