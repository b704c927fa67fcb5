"""Parts of the documentation pages."""
