"""Parts of pages that the portal and the dashboard of Insights share."""
