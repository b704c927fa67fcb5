"""Product analytics for Reflex apps, shown on a developer portal."""

__version__ = "0.2.0"
