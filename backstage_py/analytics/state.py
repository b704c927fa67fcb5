"""The analytics state: the server's front door for an app's own Python.

Bulk events come in by HTTP; this is the way for a handful, and for tests that
exchange what is behind the door.
"""

from contextlib import AbstractContextManager

import reflex as rx

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.capture.tracker import use_analytics
from backstage_py.analytics.identity.access import PUBLIC, access
from backstage_py.analytics.runtime import get_runtime


@access(PUBLIC)
class AnalyticsState(rx.State):
    """Records events over Reflex's own connection, as `on_load=AnalyticsState.capture(...)`."""

    @rx.event
    def capture(self, action: str, subject: str) -> None:
        """Capture on the server, in the context of what triggered it."""
        use_analytics().capture_event(action, subject)

    @classmethod
    def using(cls, *backends: AnalyticsApi) -> AbstractContextManager[None]:
        """Exchange the backends: `with AnalyticsState.using(MockAnalyticsApi()): ...`."""
        return get_runtime().using(*backends)
