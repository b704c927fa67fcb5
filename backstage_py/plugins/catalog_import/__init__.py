"""Registers existing entities: preview a location, then add it to the catalog."""
