"""Steps that run while an app is compiled."""
