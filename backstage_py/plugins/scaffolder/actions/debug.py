"""Actions for authors of templates: logging, and waiting."""

import json
from datetime import timedelta

from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.skeleton import is_binary
from backstage_py.plugins.scaffolder.errors import ActionError

MAX_WAIT = timedelta(minutes=10)
MAX_SHOWN_BYTES = 10_000
"""The maximum size of one file."""


def log_message(context: ActionContext) -> None:
    """Log a message, and the contents of the workspace."""
    context.log(json.dumps(context.input, indent=2, ensure_ascii=False))
    if message := context.text("message"):
        context.log(message)
    if wanted := context.input.get("listWorkspace"):
        _list_workspace(context, with_contents=wanted == "with-contents")


def wait(context: ActionContext) -> None:
    """Wait for a time; a dry run does not."""
    parts = {key: context.input.get(key, 0) for key in ("minutes", "seconds", "milliseconds")}
    time = timedelta(**parts)
    if not timedelta() <= time <= MAX_WAIT:
        raise ActionError(f"the time to wait must be from 0 to {MAX_WAIT.seconds // 60} minutes")
    context.log(f"Waiting for {time.total_seconds():g} seconds")
    if not context.is_dry_run:
        context.wait(time.total_seconds())


def _list_workspace(context: ActionContext, *, with_contents: bool) -> None:
    files = context.workspace.list_files()
    names = "\n".join(f"  - {file.path}" for file in files)
    context.log(f"Workspace:\n{names or '  (empty)'}")
    for file in files if with_contents else ():
        content = context.workspace.read_bytes(file.path)
        if not is_binary(content):
            shown = content[:MAX_SHOWN_BYTES].decode(errors="replace")
            context.log(f"{file.path}:\n{shown}")
