"""What other plugins may use of this one."""

from backstage_py.plugins.home.routes import HOME, HOME_WIDGETS

__all__ = ["HOME", "HOME_WIDGETS"]
