"""The state of the cards of a group or user."""

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import Entity, visible_catalog
from backstage_py.plugins.org.rows import (
    MemberRow,
    OwnedRow,
    Profile,
    TreeRow,
    build_members,
    build_owned,
    build_profile,
    build_tree,
    has_tree,
)
from backstage_py.plugins.org.service import OrgService


@access(CATALOG_ENTITY_READ)
class OrgState(rx.State):
    """The group or user in the address."""

    profile: rx.Field[Profile] = rx.field(default_factory=Profile)
    members: rx.Field[list[MemberRow]] = rx.field(default_factory=list)
    member_count: rx.Field[int] = rx.field(0)
    page: rx.Field[int] = rx.field(0)
    pages: rx.Field[int] = rx.field(1)
    text: rx.Field[str] = rx.field("")
    owned: rx.Field[list[OwnedRow]] = rx.field(default_factory=list)
    tree: rx.Field[list[TreeRow]] = rx.field(default_factory=list)
    are_members_aggregated: rx.Field[bool] = rx.field(False)
    is_ownership_aggregated: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the group or user; other kinds have none of these cards."""
        entity = self._find()
        if entity is None:
            self.profile, self.members, self.owned, self.tree = Profile(), [], [], []
            return
        self.are_members_aggregated = False
        self.is_ownership_aggregated = entity.kind == "User"
        self.page, self.text = 0, ""
        self.profile = build_profile(visible_catalog(self), entity)
        self._show_owned(entity)
        if entity.kind == "Group":
            self._show_members(entity)
            service = OrgService(visible_catalog(self))
            shown = service.list_tree(entity) if has_tree(service, entity) else []
            self.tree = build_tree(shown, here=entity)

    @rx.event
    def aggregate_members(self) -> None:
        """Include the members of the groups below, or not."""
        self.are_members_aggregated = not self.are_members_aggregated
        self._show_members_of(page=0)

    @rx.event
    def search_members(self, text: str) -> None:
        """Show the members who have these words in their name or address."""
        self.text = text
        self._show_members_of(page=0)

    @rx.event
    def turn(self, pages: int) -> None:
        """Go forward by some pages, or back if negative."""
        self._show_members_of(page=self.page + pages)

    @rx.event
    def aggregate_ownership(self) -> None:
        """Include what the groups own, or not."""
        self.is_ownership_aggregated = not self.is_ownership_aggregated
        entity = self._find()
        if entity is not None:
            self._show_owned(entity)

    def _find(self) -> Entity | None:
        params = {key: str(value) for key, value in self.router_data.get("query", {}).items()}
        entity = visible_catalog(self).find_entity(
            params["kind"], params["namespace"], params["name"]
        )
        return entity if entity is not None and entity.kind in {"Group", "User"} else None

    def _show_members_of(self, *, page: int) -> None:
        self.page = page
        entity = self._find()
        if entity is not None:
            self._show_members(entity)

    def _show_members(self, group: Entity) -> None:
        found = OrgService(visible_catalog(self)).list_members(
            group, aggregated=self.are_members_aggregated, text=self.text, page=self.page
        )
        self.members = build_members(found)
        self.member_count, self.page, self.pages = found.total, found.page, found.pages

    def _show_owned(self, entity: Entity) -> None:
        owned = OrgService(visible_catalog(self)).list_owned(
            entity, aggregated=self.is_ownership_aggregated
        )
        self.owned = build_owned(owned)
