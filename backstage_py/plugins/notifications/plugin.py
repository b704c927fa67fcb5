"""The declaration of the notifications. Source of the names: `@backstage/plugin-notifications`."""

from backstage_py.plugins.notifications.components.bell import bell
from backstage_py.plugins.notifications.pages.notifications_page import notifications_page
from backstage_py.plugins.notifications.pages.origins import origins
from backstage_py.plugins.notifications.routes import NOTIFICATIONS
from backstage_py.plugins.notifications.service import get_notifications, start_notifications
from backstage_py.plugins.notifications.state.list_state import NotificationsState
from backstage_py.plugins.notifications.state.origins_state import OriginsState
from backstage_py.plugins.notifications.texts import text
from backstage_py.plugins.settings.api import SETTINGS
from backstage_py.portal.plugin import (
    ComponentExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PortalPlugin,
)
from backstage_py.ui.browser_module import stylesheet


def _start() -> None:
    get_notifications().register_origin("catalog", "Software catalog")
    get_notifications().register_origin("scaffolder", "Software templates")
    start_notifications()


notifications_plugin = PortalPlugin(
    id="notifications",
    stylesheets=(stylesheet(__file__, "notifications.css"),),
    pages=(
        PageExtension(
            name="NotificationsPage",
            route_ref=NOTIFICATIONS,
            title="Notifications",
            page=notifications_page,
            on_load=NotificationsState.load,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=SETTINGS,
            name="UserNotificationSettingsCard",
            path="/notifications",
            title=text("notifications"),
            content=origins,
            order=1,
            on_load=OriginsState.load,
        ),
    ),
    commands=(NavItem("Notifications", "bell", NOTIFICATIONS),),
    sidebar_foot=(ComponentExtension("NotificationsSidebarItem", bell),),
    on_start=_start,
)
