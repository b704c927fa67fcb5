"""The sources of descriptors: files, git and URLs."""
