"""Fixtures of the whole suite."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Other people's catalogs and recorded scenarios, which lie beside the project."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside this clone")
    return folder
