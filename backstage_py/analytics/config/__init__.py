"""Configuration: `app-config.yaml`, read and checked."""
