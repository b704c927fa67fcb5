"""What the start page shows."""

import reflex as rx

from backstage_py.analytics import get_recorder
from backstage_py.plugins.catalog.service import get_catalog
from backstage_py.plugins.home.service import KindCount, OwnedEntity, count_kinds, list_owned


class HomeState(rx.State):
    """The start page."""

    kinds: rx.Field[list[KindCount]] = rx.field(default_factory=list)
    owned: rx.Field[list[OwnedEntity]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Count the catalog and find what is the user's."""
        user = get_recorder().identify(self.router.headers.raw_headers) or ""
        self.kinds = count_kinds(get_catalog())
        self.owned = list_owned(get_catalog(), user)
        self.is_loaded = True
