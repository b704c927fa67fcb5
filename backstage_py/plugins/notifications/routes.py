"""The route of the notifications. Source of the id: `@backstage/plugin-notifications` (routes)."""

from backstage_py.portal.routes import RouteRef

NOTIFICATIONS = RouteRef("notifications", "/notifications")
