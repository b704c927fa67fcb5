"""Software templates: forms to create new things, and the tasks that create them."""
