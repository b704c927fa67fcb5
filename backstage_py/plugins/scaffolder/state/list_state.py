"""The list of templates: its filters, and the cards they leave."""

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.catalog.api import capture, get_stars
from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.rows import Choice, TemplateCard, build_card, build_choices
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.templates.query import MULTIPLE, TemplateQuery
from backstage_py.portal.address import replace_address
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

NO_STARS = "Your stars cannot be read: the database does not answer."
NOT_KEPT = "Your star cannot be kept: the database does not answer."


class TemplateListState(rx.State):
    """What the list shows, for the query that its address holds."""

    cards: rx.Field[list[TemplateCard]] = rx.field(default_factory=list)
    text: rx.Field[str] = rx.field("")
    is_starred: rx.Field[bool] = rx.field(False)
    has_filters: rx.Field[bool] = rx.field(False)
    types: rx.Field[list[Choice]] = rx.field(default_factory=list)
    tags: rx.Field[list[Choice]] = rx.field(default_factory=list)
    owners: rx.Field[list[Choice]] = rx.field(default_factory=list)
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _query: TemplateQuery = TemplateQuery()

    @rx.event
    def load(self) -> None:
        """Show what the address asks for, of the catalog as it is now."""
        self._show(TemplateQuery.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    def search(self, text: str) -> Any:
        """Show what has these words in its name, title, description, type or tags."""
        return self._change(replace(self._query, text=text), "text", text)

    @rx.event
    def choose_user_list(self, user_list: str) -> Any:
        """Show what the user has starred, or everything."""
        query = replace(self._query, is_starred=user_list == "starred")
        return self._change(query, "user", user_list)

    @rx.event
    def toggle(self, name: str, value: str) -> Any:
        """Choose a value of a filter, or let it go."""
        if name not in MULTIPLE:
            return None
        query = replace(self._query, **{name: _toggle(getattr(self._query, name), value)})
        return self._change(query, name, value)

    @rx.event
    def clear(self) -> Any:
        """Show every template."""
        return self._change(TemplateQuery(), "all", "")

    @rx.event
    def star(self, entity_ref: str) -> None:
        """Star a template, or take the star away."""
        user = current_user(self)
        try:
            is_starred = entity_ref in get_stars().list_refs(user)
            get_stars().set(user, entity_ref, starred=not is_starred)
        except SQLAlchemyError as error:
            _logger.warning("The star is not kept: %s", error)
            self.message = NOT_KEPT
            return
        self.message = ""
        title = next((one.title for one in self.cards if one.ref == entity_ref), entity_ref)
        capture("unstar" if is_starred else "star", title, entityRef=entity_ref)
        self._show(self._query)

    def _change(self, query: TemplateQuery, name: str, value: str) -> Any:
        """Show a query and write it into the address; as in Backstage that is no navigation."""
        capture("filter", name, value=value)
        self._show(query)
        return replace_address(ROOT.path, query.to_address())

    def _show(self, query: TemplateQuery) -> None:
        starred, scaffolder = self._list_stars(), get_scaffolder()
        self._query = query
        self.text, self.is_starred = query.text, query.is_starred
        self.has_filters = query != TemplateQuery()
        self.cards = [
            build_card(one, starred=starred)
            for one in scaffolder.list_templates(query.to_filter(starred))
        ]
        facets = scaffolder.facets()
        self.types = build_choices(facets.types, query.types)
        self.tags = build_choices(facets.tags, query.tags)
        self.owners = build_choices(facets.owners, query.owners)

    def _list_stars(self) -> Collection[str]:
        try:
            return get_stars().list_refs(current_user(self))
        except SQLAlchemyError as error:
            _logger.warning("%s (%s)", NO_STARS, error)
            self.message = NO_STARS
            return frozenset()


def _toggle(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    kept = tuple(one for one in chosen if one.casefold() != value.casefold())
    return kept if len(kept) < len(chosen) else (*chosen, value)
