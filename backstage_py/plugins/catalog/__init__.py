"""The software catalog: what the company has, who owns it, and how it is connected."""
