"""APIs: where they are found, and what they are defined as."""
