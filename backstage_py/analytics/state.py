"""The analytics state: how an app's own Python captures.

Bulk events arrive by HTTP; this is for a few of them, and for tests that replace the backends.
"""

from contextlib import AbstractContextManager

import reflex as rx

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.capture.tracker import use_analytics
from backstage_py.analytics.identity.access import PUBLIC, access
from backstage_py.analytics.runtime import get_runtime


@access(PUBLIC)
class AnalyticsState(rx.State):
    """Records events over Reflex's own connection: `on_load=AnalyticsState.capture(...)`."""

    @rx.event
    def capture(self, action: str, subject: str) -> None:
        """Capture on the server, in the context of what triggered it."""
        use_analytics().capture_event(action, subject)

    @classmethod
    def using(cls, *backends: AnalyticsApi) -> AbstractContextManager[None]:
        """Replace the backends: `with AnalyticsState.using(MockAnalyticsApi()): ...`."""
        return get_runtime().using(*backends)
