"""Parts of the instrumentation page."""
