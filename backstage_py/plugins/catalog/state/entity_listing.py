"""A list of entities with stars: the base of the index pages of plugins."""

from typing import Any

import reflex as rx

from backstage_py.plugins.catalog.service import capture, get_stars
from backstage_py.plugins.catalog.visibility import visible_catalog
from backstage_py.portal.database import NO_ANSWER, answer_of, when_database_answers
from backstage_py.portal.listing import ListingState
from backstage_py.portal.session import current_user


class EntityListing(ListingState, rx.State, mixin=True):
    """A list with a star at each entity; `filter`, `star` and `unstar` are captured."""

    @rx.event
    @when_database_answers
    def star(self, entity_ref: str) -> None:
        """Star or unstar an entity."""
        user = current_user(self)
        is_starred = entity_ref in get_stars().list_refs(user)
        get_stars().set(user, entity_ref, starred=not is_starred)
        entity = visible_catalog(self).find_by_ref(entity_ref)
        action = "unstar" if is_starred else "star"
        capture(action, entity.title if entity else entity_ref, entityRef=entity_ref)
        self._show(self._query)

    def _choosing(self, name: str, value: str) -> None:
        capture("filter", name, value=value)

    def _list_stars(self) -> frozenset[str]:
        """List the user's stars; `message` is set if the database does not answer."""
        user = current_user(self)
        starred = answer_of(lambda: get_stars().list_refs(user))
        self.message = NO_ANSWER if starred is None else ""
        return starred or frozenset()

    def _show(self, query: Any) -> None:
        raise NotImplementedError
