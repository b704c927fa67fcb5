from collections.abc import Iterator

import pytest

from backstage_py.analytics.testing import RecordingServer
from backstage_py.analytics_modules import _names, _texts, ga4
from tests.unit.analytics_modules.section import close_backends


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def backends_are_closed() -> Iterator[None]:
    yield
    close_backends()
    for warned_once in (_texts.warn_of_cut, _names._warn_of_collision, ga4.event_name):
        warned_once.cache_clear()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """A tool that takes everything."""
    with RecordingServer() as server:
        yield server
