"""Running the portal: build it, serve the build, back up its data."""
