"""How much every page of every app loads of ours before it shows."""

from benchmarks.browser_size import measure_runtime

MOST_BYTES = 4_096
"""Gzipped; 3,584 are wanted. What sends the events is loaded beside the page, and is not in it."""


def test_what_a_page_starts_with_is_small() -> None:
    assert measure_runtime()["gzip_bytes"] <= MOST_BYTES
