"""Notifications: a task has ended, an entity is broken."""
