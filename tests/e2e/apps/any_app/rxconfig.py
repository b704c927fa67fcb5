"""An app that was there before analytics: pages by a decorator, routes of every kind."""

import reflex as rx

from backstage_py.analytics import AnalyticsPlugin

config = rx.Config(
    app_name="any_app",
    plugins=[rx.plugins.RadixThemesPlugin(), AnalyticsPlugin()],
    show_built_with_reflex=False,
    telemetry_enabled=False,
)
