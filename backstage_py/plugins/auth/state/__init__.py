"""The states of the tabs."""
