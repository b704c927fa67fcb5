"""What the app declares to capture, side by side with what was received."""
