"""Delivery: hands recorded events on to the backends, each of them at least once."""
