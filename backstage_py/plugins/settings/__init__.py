"""Who one is here, how the portal looks, and what it records."""
