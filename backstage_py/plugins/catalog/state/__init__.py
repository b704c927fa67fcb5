"""What the catalog's pages hold; every line of it comes from the service."""
