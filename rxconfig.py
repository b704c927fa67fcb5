"""The Reflex app of the portal."""

import os

import reflex as rx
from reflex.utils.exec import is_prod_mode

from backstage_py import __version__
from backstage_py.analytics import AnalyticsPlugin
from backstage_py.portal.same_origin import SameOriginPlugin
from backstage_py.portal.small_build import PortalThemePlugin, ShellChunkPlugin
from backstage_py.portal.theme import THEME

config = rx.Config(
    app_name="backstage_py",
    plugins=[
        PortalThemePlugin(theme=THEME),
        AnalyticsPlugin(page_contexts=False, metrics_endpoint="/metrics", app_version=__version__),
        SameOriginPlugin(),
        ShellChunkPlugin(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    # portal/web_guard.py checks the origin of every request. While developing, pages are on another
    # port than what they call.
    cors_allowed_origins=() if is_prod_mode() else ("*",),
    redis_url=os.environ.get("REDIS_URL") or None,
)
