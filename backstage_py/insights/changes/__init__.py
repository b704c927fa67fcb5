"""What changed, why, and whether it is more than noise."""
