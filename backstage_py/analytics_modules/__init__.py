"""One module per tool: each has a `backend`, and a schema of its section of `app.analytics`."""
