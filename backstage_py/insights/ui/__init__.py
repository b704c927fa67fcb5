"""The dashboard of Insights, which the portal and any other Reflex app can show."""
