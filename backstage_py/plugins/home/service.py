"""The data of the start page, from the public services of other plugins.

Source of the ideas: `@backstage/plugin-home` (visits, custom home page).
"""

import functools

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.plugins.home.arrangement import (
    Arrangements,
)
from backstage_py.plugins.home.settings import HomeSettings
from backstage_py.plugins.home.visits import Visits
from backstage_py.plugins.settings.api import get_own_record, get_user_settings


@functools.cache
def get_home_settings() -> HomeSettings:
    """The section `home` of the configuration.

    Raises:
        ConfigurationError: If a key of it is wrong.
    """
    return HomeSettings.from_config(load_config().section("home"))


@functools.cache
def get_arrangements() -> Arrangements:
    """The arrangements of people's start pages."""
    return Arrangements(get_user_settings)


@functools.cache
def get_visits() -> Visits:
    """The visits of people."""
    return Visits(get_own_record(), get_catalog)
