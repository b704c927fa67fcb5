"""The pages of signing in, and the tabs that the settings get from it."""
