"""The search index, its filters and facets."""
