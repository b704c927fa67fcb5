"""Insights for AI agents, through the Model Context Protocol."""
