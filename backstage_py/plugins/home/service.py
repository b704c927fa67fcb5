"""What the start page shows, out of the public services of other plugins.

Source of the ideas: `@backstage/plugin-home` (visits, custom home page).
"""

import functools

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.service import get_catalog, get_stars
from backstage_py.plugins.home.arrangement import (
    COLUMNS,
    ArrangementError,
    Arrangements,
    Place,
    WidgetInfo,
)
from backstage_py.plugins.home.catalog_lists import (
    KindCount,
    OwnedEntity,
    count_kinds,
    list_documented,
    list_owned,
    list_starred,
)
from backstage_py.plugins.home.settings import HomeSettings, QuickLink
from backstage_py.plugins.home.visits import Visit, Visits
from backstage_py.plugins.settings.service import get_own_record, get_user_settings

__all__ = [
    "COLUMNS",
    "ArrangementError",
    "Arrangements",
    "HomeSettings",
    "KindCount",
    "OwnedEntity",
    "Place",
    "QuickLink",
    "Visit",
    "Visits",
    "WidgetInfo",
    "count_kinds",
    "get_arrangements",
    "get_home_settings",
    "get_stars",
    "get_visits",
    "list_documented",
    "list_owned",
    "list_starred",
]


@functools.cache
def get_home_settings() -> HomeSettings:
    """The section `home` of the configuration.

    Raises:
        ConfigurationError: If a key of it is wrong.
    """
    return HomeSettings.from_config(load_config().section("home"))


@functools.cache
def get_arrangements() -> Arrangements:
    """How each person has arranged their start page."""
    return Arrangements(get_user_settings)


@functools.cache
def get_visits() -> Visits:
    """Where each person has been."""
    return Visits(get_own_record(), get_catalog)
