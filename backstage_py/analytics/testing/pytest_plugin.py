"""pytest fixtures for the events. It is imported at every start of pytest: nothing heavy.

A test never touches the app's own record: this process keeps what it records in a temporary folder,
unless the ini option `analytics_record = app` says otherwise.
"""

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from backstage_py.analytics.config.location import keep_in

if TYPE_CHECKING:
    from backstage_py.analytics.testing import MockAnalyticsApi, StoredEvents


_OPTION = "analytics_record"
_KEEPING = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project say where its tests record."""
    parser.addini(
        _OPTION,
        "where tests record: 'temporary' (the default) or 'app', the database that the environment"
        " names",
        default="temporary",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep what this process records away from the app's own record."""
    said = config.getini(_OPTION)
    if said not in {"temporary", "app"}:
        raise pytest.UsageError(f"{_OPTION}: is {said!r}. Use temporary or app")
    if said == "temporary":
        config.stash[_KEEPING] = tempfile.TemporaryDirectory(
            prefix="analytics-", ignore_cleanup_errors=True
        )
        keep_in(config.stash[_KEEPING].name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if (folder := config.stash.get(_KEEPING, None)) is not None:
        keep_in(None)
        folder.cleanup()


@pytest.fixture
def mock_analytics() -> "Iterator[MockAnalyticsApi]":
    """A backend that remembers what it is given.

    Captures of `run_handler` arrive automatically; else use `AnalyticsState.using(mock_analytics)`.
    """
    from backstage_py.analytics.testing import MockAnalyticsApi
    from backstage_py.analytics.testing.handler_run import listening

    mock = MockAnalyticsApi()
    with listening(mock):
        yield mock


@pytest.fixture
def stored_events(base_url: str) -> "Iterator[StoredEvents]":
    """The events that this test causes in the app at `base_url` (a fixture of pytest-playwright).

    What earlier tests and runs stored is not seen.
    """
    from backstage_py.analytics.clock import utc_now
    from backstage_py.analytics.testing import StoredEvents

    with StoredEvents(base_url, since=utc_now()) as events:
        yield events
