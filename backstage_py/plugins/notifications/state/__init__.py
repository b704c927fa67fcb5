"""What people hold of their notifications while they look at them."""
