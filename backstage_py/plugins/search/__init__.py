"""Finding things: one index of the catalog and the documentation."""
