"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.home.routes import HOME, HOME_WIDGETS

__all__ = ["HOME", "HOME_WIDGETS"]
