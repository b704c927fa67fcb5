"""The services of the settings, for other plugins."""

import functools

from backstage_py.analytics import get_recorder, get_runtime
from backstage_py.plugins.settings.feature_flags import FeatureFlags
from backstage_py.plugins.settings.own_record import OwnRecord
from backstage_py.plugins.settings.user_settings import UserSettings
from backstage_py.storage import open_engine


@functools.cache
def get_user_settings() -> UserSettings:
    """The users' settings of this process."""
    return UserSettings(open_engine())


@functools.cache
def get_feature_flags() -> FeatureFlags:
    """The feature flags of this process."""
    return FeatureFlags(get_user_settings)


@functools.cache
def get_own_record() -> OwnRecord:
    """The people's own events."""
    return OwnRecord(
        lambda: get_runtime().store,
        lambda user: get_recorder().is_shared(user),
    )


def is_flag_on(user: str, name: str) -> bool:
    """Whether a user has switched a feature flag on.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    return get_feature_flags().is_on(user, name)
