"""The ways to sign in, one class per kind of provider."""
