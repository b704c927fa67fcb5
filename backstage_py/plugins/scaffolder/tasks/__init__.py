"""Tasks: how the steps of a template run, and what is kept of it."""
