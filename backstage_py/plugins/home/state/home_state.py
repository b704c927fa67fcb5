"""The states of the start page's widgets."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from backstage_py.analytics import SIGNED_IN, access, current_session_id
from backstage_py.plugins.catalog.api import get_stars, visible_catalog
from backstage_py.plugins.home.catalog_lists import (
    KindCount,
    OwnedEntity,
    count_kinds,
    list_documented,
    list_owned,
    list_starred,
)
from backstage_py.plugins.home.service import get_visits
from backstage_py.plugins.home.visits import Visit
from backstage_py.plugins.search.api import SEARCH
from backstage_py.portal.database import answer_of
from backstage_py.portal.session import current_user


@access(SIGNED_IN)
class HomeState(rx.State):
    """The catalog's lists for the person."""

    kinds: rx.Field[list[KindCount]] = rx.field(default_factory=list)
    owned: rx.Field[list[OwnedEntity]] = rx.field(default_factory=list)
    starred: rx.Field[list[OwnedEntity]] = rx.field(default_factory=list)
    documented: rx.Field[list[OwnedEntity]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Count the catalog's entities and find the user's own."""
        user = current_user(self)
        catalog = visible_catalog(self)
        self.kinds = count_kinds(catalog)
        self.owned = list_owned(catalog, user)
        self.starred = list_starred(catalog, _list_stars(user))
        self.documented = list_documented(catalog)
        self.is_loaded = True

    @rx.event
    def search(self, form: dict[str, Any]) -> Any:
        """Go to the search page."""
        term = str(form.get("query", ""))[:1_000]
        return rx.redirect(f"{SEARCH.path}?{urlencode({'query': term})}")


@access(SIGNED_IN)
class VisitsState(rx.State):
    """The pages that the person visited."""

    recent: rx.Field[list[Visit]] = rx.field(default_factory=list)
    most: rx.Field[list[Visit]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def look(self) -> None:
        """Read them again; the trigger has to be in the page, which names the visit."""
        user = current_user(self)
        person = get_visits().person(user, current_session_id())
        found = await asyncio.to_thread(answer_of, lambda: get_visits().find(person))
        if found is not None:
            self.recent, self.most = list(found.recent), list(found.most)
        self.is_loaded = True


def _list_stars(user: str) -> frozenset[str]:
    return answer_of(lambda: get_stars().list_refs(user)) or frozenset()
