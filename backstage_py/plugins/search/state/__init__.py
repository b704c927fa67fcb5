"""State of the search pages."""
