"""The cards of people and teams. Source of the names: `@backstage/plugin-org`."""

import reflex as rx

from backstage_py.plugins.catalog.api import ENTITY_OVERVIEW
from backstage_py.plugins.org.components.cards import (
    group_profile_card,
    has_hierarchy,
    hierarchy_card,
    members_card,
    ownership_card,
    user_profile_card,
)
from backstage_py.plugins.org.state.org_state import OrgState
from backstage_py.portal.plugin import CardExtension, PortalPlugin
from backstage_py.portal.routes import route_param
from backstage_py.ui.browser_module import stylesheet


def _is_group() -> rx.Var[bool]:
    return route_param("kind").lower() == "group"


def _is_user() -> rx.Var[bool]:
    return route_param("kind").lower() == "user"


org_plugin = PortalPlugin(
    id="org",
    stylesheets=(stylesheet(__file__, "org.css"),),
    cards=(
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityGroupProfileCard",
            card=group_profile_card,
            shown_if=_is_group,
            on_load=OrgState.load,
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityUserProfileCard",
            card=user_profile_card,
            shown_if=_is_user,
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityOwnershipCard",
            card=ownership_card,
            shown_if=lambda: _is_group() | _is_user(),
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="GroupHierarchyCard",
            card=hierarchy_card,
            shown_if=lambda: _is_group() & has_hierarchy(),
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityMembersListCard",
            card=members_card,
            is_wide=True,
            shown_if=_is_group,
        ),
    ),
)
