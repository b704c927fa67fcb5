"""Backends: the `AnalyticsApi`, its registry, routing, and the code that tools share."""
