"""The parts of the notifications."""
