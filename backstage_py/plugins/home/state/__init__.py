"""The states of the start page."""
