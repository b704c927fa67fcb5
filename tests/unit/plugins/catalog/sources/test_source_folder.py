from pathlib import Path

import pytest

from backstage_py.plugins.catalog.api import CatalogError, Entity
from backstage_py.plugins.catalog.errors import DescriptorError, MissingFileError
from backstage_py.plugins.catalog.sources import source_folder
from tests.unit.plugins.catalog.conftest import Network, build_catalog, open_sources
from tests.unit.plugins.catalog.sources.test_git_tree import commit, make_repository


@pytest.fixture
def base(tmp_path: Path) -> Path:
    files = {
        "catalog/shop/catalog-info.yaml": "",
        "catalog/shop/docs/index.md": "# Shop",
        "catalog/shop/docs/images/logo.png": b"\x89PNG\xff",
        "catalog/shop/.git/config": "secret",
        "secret.txt": "secret",
    }
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "catalog/shop/docs/link.txt").symlink_to(tmp_path / "secret.txt")
    return tmp_path


def open_folder(base: Path, target: str, described_at: str) -> source_folder.SourceFolder:
    return open_sources(base, Network()).open_folder(target, described_at=described_at)


def test_a_folder_lists_and_reads_what_is_below_it(base: Path) -> None:
    folder = open_folder(base, "dir:.", "file:catalog/shop/catalog-info.yaml")

    assert folder.list_files() == ["catalog-info.yaml", "docs/images/logo.png", "docs/index.md"]
    assert folder.read_bytes("docs/images/logo.png") == b"\x89PNG\xff"


@pytest.mark.parametrize("target", ["dir:../../..", "/etc", "dir:/etc", "../../../"])
def test_no_target_leads_out_of_its_location(base: Path, target: str) -> None:
    with pytest.raises(DescriptorError, match="must stay below"):
        open_folder(base, target, "file:catalog/shop/catalog-info.yaml")


@pytest.mark.parametrize("path", ["../catalog-info.yaml", "/etc/passwd", "link.txt", "a\0b"])
def test_no_path_leads_out_of_its_folder(base: Path, path: str) -> None:
    folder = open_folder(base, "dir:docs", "file:catalog/shop/catalog-info.yaml")

    with pytest.raises(DescriptorError):
        folder.read_bytes(path)


def test_a_descriptor_that_no_location_holds_names_no_folder(base: Path) -> None:
    with pytest.raises(DescriptorError, match="no location of the configuration"):
        open_folder(base, "dir:.", "file:secret.txt")


def test_a_digest_changes_with_the_files_and_only_with_them(base: Path) -> None:
    folder = open_folder(base, "dir:docs", "file:catalog/shop/catalog-info.yaml")
    before = folder.digest()

    assert folder.digest() == before
    (base / "catalog/shop/docs/more.md").write_text("more", encoding="utf-8")
    assert folder.digest() != before


def test_what_is_not_there_is_named(base: Path) -> None:
    missing = open_folder(base, "dir:nothing", "file:catalog/shop/catalog-info.yaml")
    folder = open_folder(base, "dir:docs", "file:catalog/shop/catalog-info.yaml")

    with pytest.raises(MissingFileError, match="nothing"):
        missing.list_files()
    with pytest.raises(MissingFileError, match=r"none\.md"):
        folder.read_bytes("none.md")


def test_what_is_too_large_is_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_folder(base, "dir:docs", "file:catalog/shop/catalog-info.yaml")
    monkeypatch.setattr(source_folder, "MAX_BYTES", 3)
    monkeypatch.setattr(source_folder, "MAX_FILES", 1)

    with pytest.raises(DescriptorError, match="3 bytes"):
        folder.read_bytes("index.md")
    with pytest.raises(DescriptorError, match="1 files"):
        folder.list_files()


def test_a_folder_in_a_repository_is_what_is_committed(base: Path) -> None:
    repository = make_repository(base / "repos" / "shop")
    commit(repository, {"docs/index.md": "# Old", "docs/.hidden/x": "x", "info.yaml": "i"})
    folder = open_folder(base, "dir:docs", "git:repos/shop//info.yaml")
    before = folder.digest()
    (repository / "docs" / "index.md").write_text("not committed", encoding="utf-8")

    assert folder.list_files() == ["index.md"]
    assert folder.read_bytes("index.md") == b"# Old"
    with pytest.raises(DescriptorError, match="stay inside"):
        folder.read_bytes("../../x")
    commit(repository, {"docs/index.md": "# New"})
    assert open_folder(base, "dir:docs", "git:repos/shop//info.yaml").digest() != before


def test_a_folder_on_the_web_gives_what_is_named_and_lists_nothing(base: Path) -> None:
    network = Network({"https://example.com/shop/docs/index.md": "# Shop"})
    sources = open_sources(base, network)
    folder = sources.open_folder("dir:docs", described_at="url:https://example.com/shop/info.yaml")

    assert folder.read_bytes("index.md") == b"# Shop"
    assert not folder.digest()
    with pytest.raises(DescriptorError, match="cannot be listed"):
        folder.list_files()
    with pytest.raises(DescriptorError, match="must stay below"):
        folder.read_bytes("../secret")


def test_a_catalog_opens_the_folder_of_an_entity(base: Path) -> None:
    entity = Entity(
        "v1",
        "Component",
        {
            "name": "shop",
            "annotations": {
                "backstage.io/managed-by-location": "file:catalog/shop/catalog-info.yaml"
            },
        },
        {},
    )

    assert build_catalog(base).open_folder(entity, "./docs").read_bytes("index.md") == b"# Shop"
    with pytest.raises(CatalogError):
        build_catalog(base).open_folder(entity, "../..")
