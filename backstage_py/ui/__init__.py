"""Components that the portal and the dashboard of Insights share."""
