"""The actions that steps of templates may use."""
