"""The pages of Insights."""
