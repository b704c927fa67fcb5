"""Metrics: figures of the process, and spans."""
