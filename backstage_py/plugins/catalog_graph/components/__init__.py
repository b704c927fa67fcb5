"""What the page and the card are made of."""
