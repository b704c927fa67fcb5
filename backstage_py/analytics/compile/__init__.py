"""What happens while an app is compiled."""
