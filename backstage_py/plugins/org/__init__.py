"""People and teams: their members, and what they own."""
