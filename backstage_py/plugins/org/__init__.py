"""People and teams: who is in which, and what they own."""
