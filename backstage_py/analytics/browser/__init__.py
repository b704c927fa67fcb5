"""The browser runtime: JavaScript, and what names its modules."""
