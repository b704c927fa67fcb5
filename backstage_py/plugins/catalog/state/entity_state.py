"""The page of one entity."""

from collections.abc import Collection
from typing import Any

import reflex as rx

from backstage_py.analytics import (
    CATALOG_ENTITY_DELETE,
    CATALOG_ENTITY_READ,
    CATALOG_ENTITY_REFRESH,
    access,
)
from backstage_py.plugins.catalog.details import EntityDetails, build_details
from backstage_py.plugins.catalog.errors import CatalogError
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.service import capture, get_catalog, get_registrations, get_stars
from backstage_py.plugins.catalog.store import RegisteredLocation
from backstage_py.plugins.catalog.visibility import get_rights, visible_catalog
from backstage_py.portal.database import answer_of, when_database_answers
from backstage_py.portal.session import current_user


@access(CATALOG_ENTITY_READ)
class EntityState(rx.State):
    """The state of an entity's page, and its actions."""

    details: rx.Field[EntityDetails] = rx.field(default_factory=EntityDetails)
    shown_path: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_readonly: rx.Field[bool] = rx.field(False)
    is_inspected: rx.Field[bool] = rx.field(False)
    is_leaving: rx.Field[bool] = rx.field(False)
    can_refresh: rx.Field[bool] = rx.field(False)
    can_delete: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show the entity that the address names."""
        params = {key: str(value) for key, value in self.router_data.get("query", {}).items()}
        namespace, kind, name = params["namespace"], params["kind"], params["name"]
        entity = visible_catalog(self).find_entity(kind, namespace, name)
        self.is_inspected = self.is_leaving = False
        self.is_missing = entity is None
        self.is_readonly = get_registrations().readonly
        self._show(entity)
        self.shown_path = f"{namespace}/{kind}/{name}"

    @rx.event
    @when_database_answers
    def star(self) -> Any:
        """Star or unstar the entity."""
        row = self.details.row
        starred = not row.is_starred
        get_stars().set(current_user(self), row.ref, starred=starred)
        capture("star" if starred else "unstar", row.title, entityRef=row.ref)
        self._show(visible_catalog(self).find_by_ref(row.ref))
        return None

    @rx.event
    def copied(self) -> Any:
        """Show that the address has been copied."""
        row = self.details.row
        capture("copy", row.title, entityRef=row.ref, to=self.router.url.path)
        return rx.toast.success("Address copied.")

    @rx.event
    @access(CATALOG_ENTITY_REFRESH)
    def refresh(self) -> Any:
        """Request that the sources are read again."""
        try:
            entity = visible_catalog(self).get_by_ref(self.details.row.ref)
            get_rights().require(current_user(self), CATALOG_ENTITY_REFRESH, entity)
        except CatalogError as error:
            return rx.toast.error(str(error))
        get_catalog().request_refresh()
        return rx.toast.success("Refresh scheduled")

    @rx.event
    def inspect(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Open or close the dialog with the entity's raw data."""
        self.is_inspected = is_open

    @rx.event
    def ask_to_leave(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Open or close the dialog that asks to remove the entity."""
        self.is_leaving = is_open

    @rx.event
    @access(CATALOG_ENTITY_DELETE)
    @when_database_answers
    def unregister(self) -> Any:
        """Remove the entity: its whole location, or an orphan alone."""
        details, registrations = self.details, get_registrations()
        self.is_leaving = False
        if not current_user(self):
            return rx.toast.error("Sign in first.")
        try:
            self._require_deletable()
            if details.removal == "location":
                registrations.unregister(details.location_id)
            else:
                registrations.delete_orphan(details.row.ref)
        except CatalogError as error:
            return rx.toast.error(str(error))
        capture("unregister", details.origin, entityRef=details.row.ref)
        return [rx.redirect("/catalog"), rx.toast.success("It is no longer in the catalog.")]

    def _require_deletable(self) -> None:
        """Require that the user may delete all entities removed with this one."""
        entity = visible_catalog(self).get_by_ref(self.details.row.ref)
        leaving = [entity]
        if self.details.removal == "location":
            leaving += get_registrations().list_colocated(entity, limit=None)
        get_rights().require(current_user(self), CATALOG_ENTITY_DELETE, *leaving)

    def _show(self, entity: Entity | None) -> None:
        if entity is None:
            self.details = EntityDetails()
            return
        catalog, user = visible_catalog(self), current_user(self)
        location, colocated = _find_location(entity)
        self.can_refresh = get_rights().may(user, CATALOG_ENTITY_REFRESH, entity)
        self.can_delete = get_rights().may(user, CATALOG_ENTITY_DELETE, entity)
        self.details = build_details(
            catalog,
            entity,
            starred=_list_stars(user),
            location=location,
            colocated=[one for one in colocated if catalog.find_by_ref(one.entity_ref)],
        )


def _find_location(entity: Entity) -> tuple[RegisteredLocation | None, Collection[Entity]]:
    registrations = get_registrations()
    location = answer_of(lambda: registrations.find_origin(entity))
    return location, registrations.list_colocated(entity)


def _list_stars(user: str) -> Collection[str]:
    return answer_of(lambda: get_stars().list_refs(user)) or frozenset()
