"""The log of a task, as a Reflex component."""

from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module


class TaskLog(Component):
    """Fetches the lines itself, so that a long log is not part of a state."""

    library = browser_module(__file__, "task_log.js")
    tag = "TaskLog"

    task_id: Var[str] = field(doc="The task.")

    looks: Var[int] = field(doc="How often the page has been told that the task has changed.")

    round: Var[int] = field(doc="How often it has been retried on this visit.")
