"""Addresses of files in repositories, and the requests for them."""

import pytest

from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.repository import RepositoryPath
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings

SETTINGS = IntegrationSettings.model_validate(
    {
        "github": [{"token": "t"}, {"host": "ghe.example", "token": "t"}],
        "gitlab": [{"host": "git.example:8443", "token": "t"}],
        "azure": [{"credentials": [{"personalAccessToken": "t"}]}],
        "bitbucketCloud": [{"token": "t"}],
    },
)
AZURE = "https://dev.azure.com/acme/shop/_git/web"


def find(address: str, settings: IntegrationSettings | None = None) -> RepositoryPath | None:
    found = Integrations(settings or SETTINGS).find(address)
    return found.place if found else None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://github.com/o/r", RepositoryPath("o", "r")),
        ("https://github.com/o/r.git", RepositoryPath("o", "r")),
        ("https://github.com/o/r/tree/main/a/b", RepositoryPath("o", "r", "main", "a/b")),
        ("https://github.com/o/r/blob/v1/a%20b.md", RepositoryPath("o", "r", "v1", "a b.md")),
        ("https://ghe.example/o/r/blob/main/x", RepositoryPath("o", "r", "main", "x")),
        ("https://github.com/o/r/releases/download/1/x.zip", None),
        ("https://github.com/o/r/blob/main/../../x", None),
        ("https://github.com/o/%2e%2e/blob/main/x", None),
        (
            "https://git.example:8443/a/b/c/-/blob/main/x/y",
            RepositoryPath("a/b", "c", "main", "x/y"),
        ),
        ("https://git.example:8443/a/b/tree/main/x", RepositoryPath("a", "b", "main", "x")),
        ("https://git.example:8443/a/b/-/issues/3", None),
        ("https://git.example/a/b/-/blob/main/x", None),
        ("https://bitbucket.org/w/r/src/main/a/", RepositoryPath("w", "r", "main", "a")),
        (AZURE, RepositoryPath("acme/shop", "web")),
        (
            f"{AZURE}?path=%2Fa%2Fb.md&version=GBnext",
            RepositoryPath("acme/shop", "web", "next", "a/b.md"),
        ),
        ("https://dev.azure.com/acme/_git/web", RepositoryPath("acme/web", "web")),
        (f"{AZURE}?path=/../x", None),
        ("http://", None),
        ("https://github.com", None),
    ],
)
def test_addresses_of_pages(address: str, place: RepositoryPath | None) -> None:
    assert find(address) == place


@pytest.mark.parametrize(
    ("address", "file", "archive"),
    [
        (
            "https://github.com/o/r/blob/main/a b.md",
            "https://api.github.com/repos/o/r/contents/a%20b.md?ref=main",
            "https://api.github.com/repos/o/r/tarball/main",
        ),
        (
            "https://ghe.example/o/r/blob/main/a",
            "https://ghe.example/api/v3/repos/o/r/contents/a?ref=main",
            "https://ghe.example/api/v3/repos/o/r/tarball/main",
        ),
        (
            "https://git.example:8443/a/b/c/-/blob/main/x/y",
            "https://git.example:8443/api/v4/projects/a%2Fb%2Fc/repository/files/x%2Fy/raw?ref=main",
            "https://git.example:8443/api/v4/projects/a%2Fb%2Fc/repository/archive.tar.gz?sha=main&path=x%2Fy",
        ),
        (
            "https://bitbucket.org/w/r/src/main/a/b",
            "https://api.bitbucket.org/2.0/repositories/w/r/src/main/a/b",
            "https://bitbucket.org/w/r/get/main.tar.gz",
        ),
        (
            f"{AZURE}?path=/a&version=GBmain",
            (
                "https://dev.azure.com/acme/shop/_apis/git/repositories/web/items"
                "?path=%2Fa&version=main&api-version=6.0"
            ),
            (
                "https://dev.azure.com/acme/shop/_apis/git/repositories/web/items"
                "?recursionLevel=full&download=true&scopePath=%2Fa&version=main&api-version=6.0"
            ),
        ),
    ],
)
def test_requests_with_a_token(address: str, file: str, archive: str) -> None:
    found = Integrations(SETTINGS).find(address)
    assert found
    asked = found.host.request_file(found.place), found.host.request_archive(found.place)

    assert [str(one.url) for one in asked] == [file, archive]
    assert all("Authorization" in one.headers for one in asked)


@pytest.mark.parametrize(
    ("address", "file", "archive"),
    [
        (
            "https://github.com/o/r/blob/main/a",
            "https://raw.githubusercontent.com/o/r/main/a",
            "https://github.com/o/r/archive/main.tar.gz",
        ),
        (
            "https://gitlab.com/o/r/-/blob/main/a",
            "https://gitlab.com/o/r/-/raw/main/a",
            "https://gitlab.com/api/v4/projects/o%2Fr/repository/archive.tar.gz?sha=main&path=a",
        ),
    ],
)
def test_without_a_token_nothing_is_asked_that_has_a_quota(
    address: str, file: str, archive: str
) -> None:
    found = Integrations().find(address)
    assert found
    asked = found.host.request_file(found.place), found.host.request_archive(found.place)

    assert [str(one.url) for one in asked] == [file, archive]
    assert all("Authorization" not in one.headers for one in asked)


@pytest.mark.parametrize(
    ("beside", "target", "joined"),
    [
        (
            "https://github.com/o/r/blob/main/a/t.yaml",
            "./s",
            "https://github.com/o/r/blob/main/a/s",
        ),
        (f"{AZURE}?path=/a/t.yaml&version=GBmain", "./s", f"{AZURE}?path=/a/s&version=GBmain"),
        (f"{AZURE}?path=/a/t.yaml", "../b", f"{AZURE}?path=/b"),
    ],
)
def test_relative_targets(beside: str, target: str, joined: str) -> None:
    assert Integrations(SETTINGS).join(beside, target) == joined
