"""Alerts people when a number crosses a limit, and sends digests on a schedule."""
