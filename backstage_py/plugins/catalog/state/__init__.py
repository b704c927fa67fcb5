"""The states of the catalog's pages; all data comes from the service."""
