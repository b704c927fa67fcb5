"""What the app declares to capture, compared with what was received."""
