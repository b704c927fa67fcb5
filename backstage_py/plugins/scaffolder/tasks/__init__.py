"""Tasks: running the steps of a template, and storing the results."""
