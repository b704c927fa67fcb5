"""Delivery: hands recorded events on to the backends."""
