"""The parts of the page and the card."""
