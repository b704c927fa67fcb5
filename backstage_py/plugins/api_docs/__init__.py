"""APIs: their list, and their definitions."""
