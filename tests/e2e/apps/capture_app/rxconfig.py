"""An app of all the places that an event can come from."""

import reflex as rx

from backstage_py.analytics import AnalyticsPlugin

config = rx.Config(
    app_name="capture_app",
    plugins=[
        rx.plugins.RadixThemesPlugin(),
        AnalyticsPlugin(plugin_id="captures", errors=True, web_vitals=True),
    ],
    show_built_with_reflex=False,
    telemetry_enabled=False,
)
