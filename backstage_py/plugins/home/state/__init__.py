"""What the start page holds for a person."""
