"""Whether events reach the store and each backend."""
