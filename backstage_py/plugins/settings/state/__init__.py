"""The states of the settings."""
