"""The states of the notifications."""
