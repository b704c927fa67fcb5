"""The inventory: every capture of the app, found when it is compiled."""
