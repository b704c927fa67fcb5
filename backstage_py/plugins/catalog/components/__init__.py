"""Parts of the catalog's pages."""
