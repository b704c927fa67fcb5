"""Parts of the health page."""
