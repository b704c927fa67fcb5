"""The live view of captured events."""
