"""The live view of what is being captured."""
