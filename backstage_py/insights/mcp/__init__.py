"""Insights for programs that ask in words, by the Model Context Protocol."""
