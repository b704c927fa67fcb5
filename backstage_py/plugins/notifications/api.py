"""What other plugins may use of this one."""

from backstage_py.plugins.notifications.notification import Payload, Severity
from backstage_py.plugins.notifications.service import notify

__all__ = [
    "Payload",
    "Severity",
    "notify",
]
