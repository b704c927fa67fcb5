"""Benchmarks: each figure is a ratio or a size, measured side by side in one run."""
