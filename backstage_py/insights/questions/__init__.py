"""The questions, a module for each family."""
