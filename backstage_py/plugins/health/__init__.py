"""The health page: whether events reach the store and each backend."""
