"""The dashboard of Insights in the portal."""
