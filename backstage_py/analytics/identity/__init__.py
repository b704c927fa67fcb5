"""Identity: who sends a request."""
