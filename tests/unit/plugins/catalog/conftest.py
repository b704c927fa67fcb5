"""A catalog folder to write descriptors into, and the example catalogs of other people."""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urljoin

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError
from backstage_py.plugins.catalog.sources.git_tree import GitTree
from backstage_py.plugins.catalog.sources.source_folder import SourceFolder, WebFolder
from backstage_py.plugins.catalog.sources.sources import Sources

REPOSITORY = Path(__file__).parents[4]

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the catalog's folder; its text may be indented."""

    def write_file(name: str, text: str) -> Path:
        file = tmp_path / "catalog" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return file

    return write_file


@pytest.fixture
def catalog(tmp_path: Path) -> CatalogService:
    """The catalog of every YAML file directly in the folder, not yet read."""
    return build_catalog(tmp_path, "catalog/*.yaml")


@pytest.fixture
def shared_data() -> Path:
    """The folder of the Backstage project's example data, if it is available."""
    folder = Path(os.environ.get("SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "catalog" / "all.yaml").is_file():
        pytest.skip(f"the example catalog of Backstage is not in {folder} (set SHARED_DATA)")
    return folder


class Network:
    """A network of the given pages, and of nothing else."""

    def __init__(self, pages: dict[str, str] | None = None) -> None:
        self.pages = pages or {}

    def find(self, target: str, *, beside: str | None) -> list[str]:
        return [urljoin(beside or "", target)]

    def resolve(self, target: str, *, beside: str) -> str:
        return urljoin(beside, target)

    def read(self, address: str) -> str:
        if address not in self.pages:
            raise DescriptorError(ProcessingError("the host does not answer"))
        return self.pages[address]

    def label(self, address: str) -> str:
        return address

    def open_folder(self, address: str, *, token: str = "") -> SourceFolder:
        return WebFolder(self, address)


def build_catalog(base_dir: Path, *targets: str, **options: Any) -> CatalogService:
    """The catalog of some files, not yet read; there is no network."""
    return CatalogService.from_config(
        [{"type": "file", "target": target} for target in targets],
        base_dir=base_dir,
        open_sources=lambda: open_sources(base_dir, Network()),
        **options,
    )


def open_sources(base_dir: Path, network: Network) -> Sources:
    """Files below a folder, and a network."""
    return Sources(
        base_dir,
        urls=network,
        git=lambda: GitTree(base_dir),
        file_roots=[base_dir / "catalog"],
    )


def load_catalog(base_dir: Path, *targets: str) -> CatalogService:
    catalog = build_catalog(base_dir, *targets)
    catalog.refresh()
    return catalog
