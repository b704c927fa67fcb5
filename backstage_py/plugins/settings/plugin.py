"""The declaration of the settings. Source of the names: `@backstage/plugin-user-settings`."""

import reflex as rx

from backstage_py.analytics import load_config
from backstage_py.plugins.settings.components.sidebar_item import sidebar_settings
from backstage_py.plugins.settings.export import export_route
from backstage_py.plugins.settings.pages.flags import flags
from backstage_py.plugins.settings.pages.general import general
from backstage_py.plugins.settings.pages.parts import parts
from backstage_py.plugins.settings.pages.privacy import privacy
from backstage_py.plugins.settings.pages.settings_page import settings_page
from backstage_py.plugins.settings.routes import SETTINGS
from backstage_py.plugins.settings.state.flags_state import FlagsState
from backstage_py.plugins.settings.state.profile_state import ProfileState
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.plugin import (
    ComponentExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PortalPlugin,
)
from backstage_py.ui.browser_module import stylesheet


def _may_sign_out() -> bool:
    """Whether guests sign in on the page, so that they can sign out too."""
    return not load_config().get_optional_boolean("auth.providers.guest.auto")


settings_plugin = PortalPlugin(
    id="user-settings",
    stylesheets=(stylesheet(__file__, "settings.css"),),
    pages=(
        PageExtension(
            name="UserSettingsPage",
            route_ref=SETTINGS,
            title="Settings",
            page=settings_page,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=SETTINGS,
            name="UserSettingsGeneral",
            path="/",
            title=text("general"),
            content=lambda cards: general(cards, may_sign_out=_may_sign_out()),
            on_load=ProfileState.load,
        ),
        ContentExtension(
            attach_to=SETTINGS,
            name="UserSettingsFeatureFlags",
            path="/feature-flags",
            title=text("featureFlags"),
            content=flags,
            on_load=FlagsState.load,
        ),
        ContentExtension(
            attach_to=SETTINGS,
            name="UserSettingsPrivacy",
            path="/privacy",
            title=text("privacy"),
            content=privacy,
            order=2,
        ),
        ContentExtension(
            attach_to=SETTINGS,
            name="UserSettingsParts",
            path="/parts",
            title=text("parts"),
            content=parts,
            # For those who build plugins; docs/design-system.md leads here.
            shown_if=lambda: rx.Var.create(False),
            order=9,
        ),
    ),
    commands=(NavItem("Settings", "settings", SETTINGS),),
    sidebar_foot=(ComponentExtension("SidebarSettings", sidebar_settings),),
    api_routes=lambda: [export_route()],
)
