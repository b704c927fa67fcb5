"""The dashboard in any Reflex app, as `AnalyticsPlugin(insights="/insights")` adds it."""
