"""The widgets of the start page, and the grid that they stand in."""
