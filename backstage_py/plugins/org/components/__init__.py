"""The cards of people and teams."""
