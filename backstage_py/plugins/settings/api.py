"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.settings.feature_flags import Flag
from backstage_py.plugins.settings.own_record import OwnRecord, Person
from backstage_py.plugins.settings.routes import SETTINGS
from backstage_py.plugins.settings.service import (
    get_feature_flags,
    get_own_record,
    get_user_settings,
)
from backstage_py.plugins.settings.user_settings import SettingError, UserSettings

__all__ = [
    "SETTINGS",
    "Flag",
    "OwnRecord",
    "Person",
    "SettingError",
    "UserSettings",
    "get_feature_flags",
    "get_own_record",
    "get_user_settings",
]
