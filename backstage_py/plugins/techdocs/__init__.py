"""Documentation beside the code, read in the portal."""
