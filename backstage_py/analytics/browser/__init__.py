"""The browser runtime: JavaScript modules and their paths."""
