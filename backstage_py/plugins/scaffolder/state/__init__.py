"""State of the software templates' pages."""
