"""pytest fixtures for the events. It is imported at every start of pytest: nothing heavy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from backstage_py.analytics.testing import MockAnalyticsApi, StoredEvents


@pytest.fixture
def mock_analytics() -> "MockAnalyticsApi":
    """A backend that remembers what it is given: `AnalyticsState.using(mock_analytics)`."""
    from backstage_py.analytics.testing import MockAnalyticsApi

    return MockAnalyticsApi()


@pytest.fixture
def stored_events(base_url: str) -> "Iterator[StoredEvents]":
    """The events that this test causes in the app at `base_url` (a fixture of pytest-playwright).

    What earlier tests and runs stored is not seen.
    """
    from backstage_py.analytics.clock import utc_now
    from backstage_py.analytics.testing import StoredEvents

    with StoredEvents(base_url, since=utc_now()) as events:
        yield events
