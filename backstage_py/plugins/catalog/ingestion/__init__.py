"""Ingestion: from descriptors to the entities of the catalog."""
