"""The public API of this plugin: actions, filters, and the time saved by runs."""

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.errors import ActionError, ExpressionError
from backstage_py.plugins.scaffolder.installed_action import ActionExample, InstalledAction
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.tasks.time_saved import ANNOTATION as TIME_SAVED_ANNOTATION
from backstage_py.plugins.scaffolder.tasks.time_saved import minutes_saved

__all__ = [
    "TIME_SAVED_ANNOTATION",
    "Action",
    "ActionContext",
    "ActionError",
    "ActionExample",
    "ExpressionError",
    "InstalledAction",
    "get_scaffolder",
    "minutes_saved",
]
