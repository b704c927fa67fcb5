"""Parts of the search pages."""
