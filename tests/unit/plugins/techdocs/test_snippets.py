import pytest

from backstage_py.plugins.techdocs.snippets import has_snippets, include_snippets

FILES = {
    "a.md": "one\ntwo\nthree\nfour",
    "code.py": "x = 1\n# --8<-- [start:main]\nrun()\n# --8<-- [end:main]\n",
    "nested.md": '--8<-- "a.md:1:1"',
    "loop.md": '--8<-- "loop.md"',
}


def read(file: str) -> str:
    if file not in FILES:
        raise LookupError("it is not there")
    return FILES[file]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('--8<-- "a.md"', "one\ntwo\nthree\nfour"),
        ("--8<-- 'a.md:2:3'", "two\nthree"),
        ('--8<-- "a.md:3"', "three\nfour"),
        ('--8<-- "code.py:main"', "run()"),
        ('--8<-- "code.py"', "x = 1\nrun()"),
        ('    --8<-- "a.md:1:1"', "    one"),
        ('--8<-- "nested.md"', "one"),
        ("--8<--\na.md:1:1\na.md:4:4\n--8<--", "one\nfour"),
        (';--8<-- "a.md"', '--8<-- "a.md"'),
        ("plain 8<- text", "plain 8<- text"),
    ],
)
def test_a_snippet_appears_where_it_is_named(text: str, expected: str) -> None:
    assert include_snippets(text, read) == expected


def test_a_snippet_that_is_not_there_is_named() -> None:
    text = include_snippets('before\n--8<-- "no.md"\nafter', read)

    assert text == "before\n*The snippet `no.md` is not shown: it is not there.*\nafter"


def test_a_snippet_that_includes_itself_has_an_end() -> None:
    assert "it includes itself" in include_snippets('--8<-- "loop.md"', read)


def test_snippets_have_a_limit_together() -> None:
    large = "x" * 600_000

    text = include_snippets('--8<-- "a"\n--8<-- "b"', lambda _: large)

    assert text.count(large) == 1
    assert "must not include more than" in text


def test_only_pages_with_a_snippet_are_looked_through() -> None:
    assert has_snippets('--8<-- "a.md"')
    assert not has_snippets("# Nothing")


def test_a_page_includes_a_limited_number_of_files() -> None:
    text = include_snippets('--8<-- "a"\n' * 600, lambda _: "x")

    assert text.splitlines().count("x") == 500
