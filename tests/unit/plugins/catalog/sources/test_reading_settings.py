from typing import Any

import httpx
import pytest

from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings


def allows(entry: dict[str, Any], url: str) -> bool:
    return ReadingSettings.from_config({"allow": [entry]}).allows(httpx.URL(url))


@pytest.mark.parametrize("config", [None, {}, {"allow": None}, {"allow": []}])
def test_without_entries_nothing_internal_is_allowed(config: Any) -> None:
    settings = ReadingSettings.from_config(config)

    assert not settings.allows(httpx.URL("https://example.internal/"))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("example.internal", "https://example.internal/a"),
        ("example.internal", "http://EXAMPLE.internal/a"),
        ("Example.Internal:8080", "http://example.internal:8080/a"),
        ("example.internal:443", "https://example.internal/a"),
        ("*.example.internal", "https://a.b.example.internal/"),
        ("*.example.internal:8080", "https://a.example.internal:8080/"),
        ("10.0.0.1", "http://10.0.0.1/"),
        ("[::1]:8080", "http://[::1]:8080/"),
    ],
)
def test_a_host_is_allowed(host: str, url: str) -> None:
    assert allows({"host": host}, url)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("example.internal", "https://example.internal:8443/"),
        ("example.internal", "https://sub.example.internal/"),
        ("example.internal", "https://example.internal.evil.test/"),
        ("example.internal:443", "http://example.internal/"),
        ("*.example.internal", "https://example.internal/"),
        ("*.example.internal", "https://evilexample.internal/"),
    ],
)
def test_another_host_is_not_allowed(host: str, url: str) -> None:
    assert not allows({"host": host}, url)


CATALOG_ONLY = {"host": "h.internal", "paths": ["/catalog/"]}


@pytest.mark.parametrize(
    "path", ["/catalog/a.yaml", "/catalog/deep/../a.yaml", "/catalog/", "//catalog/a.yaml"]
)
def test_a_path_is_allowed_by_its_prefix(path: str) -> None:
    assert allows(CATALOG_ONLY, f"https://h.internal{path}")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/catalog",
        "/secret",
        "/catalog-secret/a",
        "/catalog/../secret",
        "/catalog/%2e%2e/secret",
        "/catalog/..%2fsecret",
        "/catalog/..%5csecret",
        "/secret/..%2fcatalog/a",
        "/secret?/catalog/",
    ],
)
def test_no_other_path_is_allowed_however_it_is_written(path: str) -> None:
    assert not allows(CATALOG_ONLY, f"https://h.internal{path}")


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ([], "backend.reading"),
        ({"alow": []}, "backend.reading.alow"),
        ({"allow": {"host": "h"}}, "backend.reading.allow"),
        ({"allow": ["h"]}, "backend.reading.allow[0]"),
        ({"allow": [{}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": 10.5}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": "https://h"}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": "h/path"}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": "*"}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": "a.*.b"}]}, "backend.reading.allow[0].host"),
        ({"allow": [{"host": "h"}, {"host": "h", "path": "/a"}]}, "backend.reading.allow[1].path"),
        ({"allow": [{"host": "h", "paths": "/a"}]}, "backend.reading.allow[0].paths"),
        ({"allow": [{"host": "h", "paths": []}]}, "backend.reading.allow[0].paths"),
        ({"allow": [{"host": "h", "paths": None}]}, "backend.reading.allow[0].paths"),
        ({"allow": [{"host": "h", "paths": ["a"]}]}, "backend.reading.allow[0].paths[0]"),
    ],
)
def test_a_wrong_setting_is_named(config: Any, path: str) -> None:
    with pytest.raises(CatalogConfigError) as caught:
        ReadingSettings.from_config(config)

    assert caught.value.path == path
