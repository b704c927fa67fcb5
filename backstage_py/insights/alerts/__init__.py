"""Tells people when a number crosses a line, and sends digests on a schedule."""
