"""A Reflex app that knows nothing of analytics but this one line."""

import reflex as rx

from backstage_py.analytics import AnalyticsPlugin

config = rx.Config(
    app_name="tiny_app",
    plugins=[
        rx.plugins.RadixThemesPlugin(),
        AnalyticsPlugin(capture_buttons=True, insights="/insights"),
    ],
    telemetry_enabled=False,
)
