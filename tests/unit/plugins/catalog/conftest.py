"""A catalog folder to write descriptors into, and the example catalogs of other people."""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from backstage_py.plugins.catalog.service import CatalogService

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
    locations = [{"type": "file", "target": "catalog/*.yaml"}]
    return CatalogService.from_config(locations, base_dir=tmp_path)


@pytest.fixture
def shared_data() -> Path:
    """Where the example data of the Backstage project lie, if they are here at all."""
    folder = Path(os.environ.get("SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "catalog" / "all.yaml").is_file():
        pytest.skip(f"the example catalog of Backstage is not in {folder} (set SHARED_DATA)")
    return folder


def load_catalog(base_dir: Path, *targets: str) -> CatalogService:
    locations = [{"type": "file", "target": target} for target in targets]
    catalog = CatalogService.from_config(locations, base_dir=base_dir)
    catalog.refresh()
    return catalog
