"""A catalog of one documented component, whose folder is to be filled."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from backstage_py.plugins.catalog.api import CatalogService, Entity
from backstage_py.plugins.techdocs.renderer import Renderer
from backstage_py.plugins.techdocs.service import DocsPage, TechDocsService
from backstage_py.plugins.techdocs.settings import TechDocsSettings
from backstage_py.plugins.techdocs.site import DocsSite
from tests.unit.plugins.catalog.conftest import REPOSITORY, build_catalog

BASE = "/docs/default/component/shop"
STATIC = "/api/techdocs/static/default/component/shop"


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """The process that renders, for all tests."""
    renderer = Renderer()
    yield renderer
    renderer.close()


class Docs:
    """The documentation of the component `shop`, in the folder `catalog/shop`."""

    def __init__(self, base_dir: Path, renderer: Renderer, **annotations: str) -> None:
        self.base_dir = base_dir
        self.folder = base_dir / "catalog" / "shop"
        self.folder.mkdir(parents=True)
        self._is_known = False
        self.describe("shop", {"backstage.io/techdocs-ref": "dir:./shop", **annotations})
        self.catalog: CatalogService = build_catalog(base_dir, "catalog/*.yaml")
        settings = TechDocsSettings.model_validate(
            {"sanitizer": {"allowedIframeHosts": ["www.youtube.com"]}}
        )
        self.service = TechDocsService(
            self.catalog, renderer=renderer, settings=settings, check_seconds=0
        )

    def describe(self, name: str, annotations: dict[str, str], kind: str = "Component") -> None:
        """Write the descriptor of an entity."""
        descriptor = {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": name, "title": name.title(), "annotations": annotations},
            "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
        }
        file = self.base_dir / "catalog" / f"{name}.yaml"
        file.write_text(json.dumps(descriptor), encoding="utf-8")
        self._is_known = False

    def write(self, name: str, text: str | bytes = "# Page") -> Path:
        """Write a file below the folder; its text may be indented."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else dedent(text).encode()
        file.write_bytes(data)
        return file

    def entity(self, name: str = "shop") -> Entity:
        """The component."""
        if not self._is_known:
            self.catalog.refresh()
            self._is_known = True
        return self.catalog.get_entity("component", "default", name)

    def site(self, name: str = "shop") -> DocsSite:
        """Its documentation."""
        return self.service.get_site(self.entity(name))

    def page(self, address: str = "") -> DocsPage:
        """A page of it."""
        return self.service.get_page(self.site(), address)

    def html(self, text: str) -> str:
        """The clean HTML of a start page."""
        self.write("docs/index.md", text)
        return self.page().html


@pytest.fixture
def docs(tmp_path: Path, renderer: Renderer) -> Docs:
    """The documentation of the component."""
    return Docs(tmp_path, renderer)


@pytest.fixture
def example_sites() -> Path:
    """The documentation sites of the Backstage project, if they are here at all."""
    folder = Path(os.environ.get("SHARED_DATA", REPOSITORY.parent / "shared" / "data")) / "techdocs"
    if not folder.is_dir():
        pytest.skip(f"the example sites of Backstage are not in {folder} (set SHARED_DATA)")
    return folder
