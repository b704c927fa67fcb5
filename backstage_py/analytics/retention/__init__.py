"""How long events are kept, and how a person's events are exported and erased."""
