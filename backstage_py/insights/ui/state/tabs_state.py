"""Which tabs there are."""

import reflex as rx

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, access
from backstage_py.insights.ui.host import get_host


@access(ANALYTICS_INSIGHTS_READ)
class TabsState(rx.State):
    """The tabs of pages that this app has no data for."""

    hidden: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    def load(self) -> None:
        """Find out which they are."""
        self.hidden = get_host().list_hidden()
