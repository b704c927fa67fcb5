"""Registering what exists: look at a location, then take it into the catalog."""
