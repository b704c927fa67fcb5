"""The pages of the software templates."""
