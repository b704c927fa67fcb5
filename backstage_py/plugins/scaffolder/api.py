"""What other plugins may use of this one: actions, filters and globals of their own."""

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.errors import ActionError, ExpressionError
from backstage_py.plugins.scaffolder.installed_action import ActionExample, InstalledAction
from backstage_py.plugins.scaffolder.service import get_scaffolder

__all__ = [
    "Action",
    "ActionContext",
    "ActionError",
    "ActionExample",
    "ExpressionError",
    "InstalledAction",
    "get_scaffolder",
]
