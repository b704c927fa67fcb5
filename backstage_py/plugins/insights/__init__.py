"""The owner's questions, answered in the portal."""
