"""What the settings hold for a person while they look at them."""
