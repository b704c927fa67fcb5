"""Software templates: forms that begin new things, and the tasks that make them."""
