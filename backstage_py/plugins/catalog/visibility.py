"""The catalog of this process, as each user may see it."""

import functools

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.plugins.catalog.rights import CatalogRights
from backstage_py.plugins.catalog.service import get_catalog
from backstage_py.portal.permissions import find_condition
from backstage_py.portal.session import current_user


def see_catalog(user: str) -> CatalogReader:
    """The catalog as a user may see it; an empty ref means anonymous."""
    return get_catalog().view(user, find_condition(user or None, CATALOG_ENTITY_READ))


def visible_catalog(state: rx.State) -> CatalogReader:
    """The catalog as the running handler's user may see it."""
    return see_catalog(current_user(state))


@functools.cache
def get_rights() -> CatalogRights:
    """The permissions of this portal's users for single entities."""
    return CatalogRights(see_catalog, find_condition)
