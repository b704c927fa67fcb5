"""What the portal tells people: that a task has ended, that an entity is broken."""
