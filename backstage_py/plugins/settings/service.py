"""What the settings offer to other plugins."""

import functools

from backstage_py.analytics import open_engine
from backstage_py.plugins.settings.user_settings import SettingError, UserSettings

__all__ = ["SettingError", "UserSettings", "get_user_settings"]


@functools.cache
def get_user_settings() -> UserSettings:
    """The users' settings of this process."""
    return UserSettings(open_engine())
