"""Dashboards: tiles that people pin, arrange and share."""
