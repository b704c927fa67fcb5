"""Parts of the API pages."""
