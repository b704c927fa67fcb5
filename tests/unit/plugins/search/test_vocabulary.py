import pytest

from backstage_py.plugins.search.vocabulary import Vocabulary

WORDS = Vocabulary(["booking", "journey", "turned", "api", "ab"])


@pytest.mark.parametrize(
    ("word", "corrections"),
    [
        ("bookign", ["booking"]),
        ("bokking", ["booking"]),
        ("boxxing", ["booking"]),
        ("jurney", ["journey"]),
        ("apo", ["api"]),
        ("ob", []),
        ("xooxxng", []),
    ],
)
def test_a_word_is_corrected_to_the_nearest_by_few_changes(
    word: str, corrections: list[str]
) -> None:
    assert WORDS.list_corrections(word) == corrections


def test_beginnings_are_known() -> None:
    assert WORDS.has_prefix("book")
    assert WORDS.has_prefix("booking")
    assert not WORDS.has_prefix("bookings")
    assert not Vocabulary([]).has_prefix("a")
