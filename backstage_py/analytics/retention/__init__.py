"""Keeping: how long events stay, and how a person's are handed out and erased."""
