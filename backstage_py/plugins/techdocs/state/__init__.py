"""State of the documentation pages."""
