"""The route of the settings. Source of the id: `@backstage/plugin-user-settings` (routes)."""

from backstage_py.portal.routes import RouteRef

SETTINGS = RouteRef("user-settings", "/settings", open_ended=True)
EXPORT_PATH = "/api/settings/events"
