import pytest

from backstage_py.plugins.techdocs.repository import (
    find_edit_base,
    find_issue_url,
    find_source_url,
)

GITHUB = "https://github.com/acme/shop"
TREE = f"{GITHUB}/tree/main/services/shop/"


@pytest.mark.parametrize(
    ("repo_url", "edit_uri", "source_url", "expected"),
    [
        (GITHUB, "edit/dev/handbook/", "", f"{GITHUB}/edit/dev/handbook/"),
        (GITHUB, None, "", f"{GITHUB}/edit/master/docs/"),
        (GITHUB, "", TREE, ""),
        ("https://git.example/x", None, "", ""),
        (
            "https://git.example/x",
            "?query=root/path/docs/",
            "",
            "https://git.example/x?query=root/path/docs/",
        ),
        ("", None, TREE, f"{GITHUB}/edit/main/services/shop/docs/"),
        ("", "https://edit.example/x", "", "https://edit.example/x/"),
        ("", None, "https://example.com/docs/", ""),
        ("", None, "", ""),
    ],
)
def test_a_page_is_edited_where_its_repository_says(
    repo_url: str, edit_uri: str | None, source_url: str, expected: str
) -> None:
    base = find_edit_base(
        repo_url=repo_url, edit_uri=edit_uri, source_url=source_url, docs_path="docs"
    )
    assert base == expected


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        (GITHUB, f"{GITHUB}/issues/new?title="),
        (f"{GITHUB}.git", f"{GITHUB}/issues/new?title="),
        (TREE, f"{GITHUB}/issues/new?title="),
        ("https://gitlab.com/a/b/c", "https://gitlab.com/a/b/c/-/issues/new?issue%5Btitle%5D="),
        (
            "https://gitlab.com/a/b/-/tree/main/x",
            "https://gitlab.com/a/b/-/issues/new?issue%5Btitle%5D=",
        ),
        ("https://example.com/a/b", ""),
        ("https://github.com/", ""),
        ("", ""),
    ],
)
def test_an_issue_is_opened_where_the_repository_is(repository: str, expected: str) -> None:
    assert find_issue_url(repository) == expected


@pytest.mark.parametrize(
    ("annotations", "target", "expected"),
    [
        (
            {},
            "url:https://github.com/acme/shop/tree/main",
            "https://github.com/acme/shop/tree/main/",
        ),
        (
            {"backstage.io/managed-by-location": f"url:{GITHUB}/blob/main/a/catalog-info.yaml"},
            "dir:.",
            f"{GITHUB}/blob/main/a/",
        ),
        ({"backstage.io/source-location": f"url:{TREE}"}, "dir:./x", f"{TREE}x/"),
        ({"backstage.io/managed-by-location": "file:catalog/a.yaml"}, "dir:.", ""),
    ],
)
def test_the_source_is_where_the_folder_is_on_the_web(
    annotations: dict[str, str], target: str, expected: str
) -> None:
    assert find_source_url(annotations, target) == expected
