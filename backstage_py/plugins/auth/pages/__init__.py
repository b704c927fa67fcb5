"""The sign-in page, and this plugin's tabs in the settings."""
