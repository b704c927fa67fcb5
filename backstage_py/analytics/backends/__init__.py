"""Backends: the `AnalyticsApi`, its registry, routing, and what tools have in common."""
