from collections.abc import Iterator

import pytest

from backstage_py.analytics.testing import RecordingServer
from tests.unit.analytics_modules.section import close_backends


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def backends_are_closed() -> Iterator[None]:
    yield
    close_backends()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """A tool that takes everything."""
    with RecordingServer() as server:
        yield server
