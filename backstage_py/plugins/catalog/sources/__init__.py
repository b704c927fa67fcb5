"""Where descriptors come from: files, git and URLs."""
