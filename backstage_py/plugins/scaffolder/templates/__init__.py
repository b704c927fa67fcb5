"""Templates: reading, listing, and the forms of their parameters."""
