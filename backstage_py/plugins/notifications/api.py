"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.notifications.notification import Payload, Severity
from backstage_py.plugins.notifications.service import notify

__all__ = [
    "Payload",
    "Severity",
    "notify",
]
