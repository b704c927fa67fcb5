"""Detects changes, their causes, and whether they are more than noise."""
