"""The Reflex app of the portal."""

import os

import reflex as rx

from backstage_py.analytics import AnalyticsPlugin
from backstage_py.portal.same_origin import SameOriginPlugin
from backstage_py.portal.theme import THEME

config = rx.Config(
    app_name="backstage_py",
    plugins=[
        rx.plugins.RadixThemesPlugin(theme=THEME),
        AnalyticsPlugin(page_contexts=False),
        SameOriginPlugin(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    cors_allowed_origins=(),  # portal/web_guard.py checks the origin of every request
    redis_url=os.environ.get("REDIS_URL") or None,
)
