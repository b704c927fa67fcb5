"""The user's settings: profile, appearance, and what is recorded."""
