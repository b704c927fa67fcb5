"""What the tabs hold for a person while they look at them."""
