"""Parts of the software templates' pages."""
