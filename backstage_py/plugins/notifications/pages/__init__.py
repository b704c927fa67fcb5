"""The page of the notifications, and the tab of the settings."""
