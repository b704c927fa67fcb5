"""The list of templates: its filters, and the matching cards."""

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import EntityListing, see_catalog
from backstage_py.plugins.scaffolder.rows import Choice, TemplateCard, build_card, build_choices
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.templates.query import TemplateQuery
from backstage_py.portal.session import current_user


@access(CATALOG_ENTITY_READ)
class TemplateListState(EntityListing, rx.State):
    """The cards of the list, for the query in its address."""

    cards: rx.Field[list[TemplateCard]] = rx.field(default_factory=list)
    user_list: rx.Field[str] = rx.field("all")
    has_filters: rx.Field[bool] = rx.field(False)
    types: rx.Field[list[Choice]] = rx.field(default_factory=list)
    tags: rx.Field[list[Choice]] = rx.field(default_factory=list)
    owners: rx.Field[list[Choice]] = rx.field(default_factory=list)
    _query: TemplateQuery = TemplateQuery()

    def _show(self, query: TemplateQuery) -> None:
        starred, scaffolder, user = self._list_stars(), get_scaffolder(), current_user(self)
        catalog = see_catalog(user)
        self._query = query
        self.text, self.user_list = query.text, query.user_list
        self.has_filters = query != TemplateQuery()
        self.cards = [
            build_card(one, starred=starred, catalog=catalog)
            for one in scaffolder.list_templates(query.to_filter(starred), user=user)
        ]
        self.total = len(self.cards)
        facets = scaffolder.facets(user=user)
        self.types = build_choices(facets.types, query.types, catalog)
        self.tags = build_choices(facets.tags, query.tags, catalog)
        self.owners = build_choices(facets.owners, query.owners, catalog)
