"""Parts of Insights' pages."""
