"""The widgets of the start page, and their grid."""
