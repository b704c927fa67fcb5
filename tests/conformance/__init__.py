"""Backstage's recorded behaviour, run against our own components in a browser."""
