"""Capture: context, tracker, link, and captures of event handlers."""
