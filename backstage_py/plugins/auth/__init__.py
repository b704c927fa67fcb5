"""Signing in: providers, resolvers, sessions and API tokens."""
