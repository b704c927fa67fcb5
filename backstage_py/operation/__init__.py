"""Running the portal: build it, serve what was built, save what it keeps."""
