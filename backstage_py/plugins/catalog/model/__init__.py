"""The entity model: kinds, descriptors, relations and their checks."""
