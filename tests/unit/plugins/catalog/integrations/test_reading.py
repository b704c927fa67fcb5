"""Texts and folders of private repositories, from stand-ins of the services."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backstage_py.plugins.catalog.errors import DescriptorError, MissingFileError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.url_tree import UrlTree
from tests.services import Reply, Services, serve

FILES = {
    "catalog-info.yaml": "kind: Component\n",
    "skeleton/src/main.py": "print()\n",
    "skeleton/.github/ci.yaml": "on: push\n",
}
ADDRESSES = {
    "github": "https://github.com/acme/shop/blob/main/catalog-info.yaml",
    "gitlab": "https://gitlab.com/acme/shop/-/blob/main/catalog-info.yaml",
    "bitbucket": "https://bitbucket.org/acme/shop/src/main/catalog-info.yaml",
    "azure": "https://dev.azure.com/acme/web/_git/shop?path=/catalog-info.yaml&version=GBmain",
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serve(tmp_path_factory.mktemp("services")) as services:
        services.commit("acme/shop", FILES)
        services.commit("acme/web/shop", FILES)
        yield services


@pytest.fixture
def tree(services: Services) -> UrlTree:
    # The archive of GitHub comes from another host, which is internal here.
    allowed = {"allow": [{"host": f"localhost:{services.server_port}"}]}
    settings = IntegrationSettings.model_validate(services.config)
    return UrlTree(ReadingSettings.from_config(allowed), integrations=Integrations(settings))


@pytest.mark.parametrize("service", ADDRESSES)
def test_a_text_and_a_folder_of_a_private_repository(tree: UrlTree, service: str) -> None:
    address = ADDRESSES[service]

    assert tree.read(address) == FILES["catalog-info.yaml"]
    folder = tree.open_folder(tree.resolve("./skeleton", beside=address))
    assert folder.read_bytes("src/main.py") == b"print()\n"
    assert folder.list_files() == ["src/main.py"]
    assert folder.list_everything().keys() == {".github/ci.yaml", "src/main.py"}
    assert folder.read_bytes(".github/ci.yaml") == b"on: push\n"
    assert folder.digest()
    whole = tree.open_folder(tree.resolve(".", beside=address))
    assert "catalog-info.yaml" in whole.list_files()


@pytest.mark.parametrize("service", ADDRESSES)
def test_what_is_not_there_is_missing(tree: UrlTree, service: str) -> None:
    address = ADDRESSES[service].replace("catalog-info", "nothing")

    with pytest.raises(MissingFileError):
        tree.read(address)


def test_a_token_of_the_template_is_used_in_place_of_the_configured_one(tree: UrlTree) -> None:
    folder = tree.open_folder("https://gitlab.com/acme/shop", token="another")

    with pytest.raises(DescriptorError, match="401 Unauthorized"):
        folder.list_files()


def test_an_archive_is_kept_for_a_moment(tree: UrlTree, services: Services) -> None:
    for _ in range(3):
        assert tree.open_folder("https://gitlab.com/acme/shop/-/tree/main/skeleton").list_files()

    asked = [one for one in services.asked if one.path.endswith("archive.tar.gz")]
    assert len([one for one in asked if one.query.get("path") == "skeleton"]) >= 1
    before = len(services.asked)
    tree.open_folder("https://gitlab.com/acme/shop/-/tree/main/skeleton").list_files()
    assert len(services.asked) == before


def test_the_token_does_not_follow_a_redirect(tree: UrlTree, services: Services) -> None:
    address = "https://gitlab.com/acme/away/-/blob/main/a.yaml"
    path = "/gitlab/projects/acme%2Faway/repository/files/a.yaml/raw"
    other = services.url.replace("127.0.0.1", "localhost")
    services.replies["GET", path] = Reply(302, b"", {"Location": f"{other}/seen"})
    services.replies["GET", "/seen"] = Reply(body=b"text")

    assert tree.read(address) == "text"
    assert "authorization" in services.find("GET", path).headers
    assert "authorization" not in services.find("GET", "/seen").headers


def test_an_internal_service_is_read_only_where_its_owner_named_it(services: Services) -> None:
    tree = UrlTree(ReadingSettings(), integrations=Integrations())

    with pytest.raises(DescriptorError, match="not on the public internet"):
        tree.read(f"{services.url}/acme/shop/-/blob/main/catalog-info.yaml")


def test_a_self_hosted_service_by_its_host_and_port(services: Services, tmp_path: Path) -> None:
    own = {"host": f"127.0.0.1:{services.server_port}", "token": "service-token"}
    config = {"gitlab": [{**own, "apiBaseUrl": f"{services.url}/gitlab"}]}
    settings = IntegrationSettings.model_validate(config)
    tree = UrlTree(ReadingSettings(), integrations=Integrations(settings))

    text = tree.read(f"{services.url}/acme/shop/-/blob/main/catalog-info.yaml")
    assert text == FILES["catalog-info.yaml"]
