"""Apps and code that use the library, each tested."""
