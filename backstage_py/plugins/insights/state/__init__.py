"""What Insights' pages show."""
