"""The log of a task, as a Reflex component."""

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var


class TaskLog(Component):
    """Asks for the lines by itself, so that a long log is in no state."""

    library = f"$/public/{rx.asset('task_log.js', shared=True).lstrip('/')}"
    tag = "TaskLog"

    task_id: Var[str] = field(doc="The task.")

    round: Var[int] = field(doc="How often it has been retried on this visit.")
