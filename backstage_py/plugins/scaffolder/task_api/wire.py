"""Tasks, logs and actions in the form of Backstage's scaffolder API."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backstage_py.analytics import format_time
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.tasks.output import write_output
from backstage_py.plugins.scaffolder.tasks.task import DryRun, DryRunFile, LogLine, Task, TaskStep


def write_action(action: InstalledAction) -> dict[str, Any]:
    """Write an installed action."""
    return {
        "id": action.id,
        "description": action.description,
        "schema": {"input": dict(action.input_schema), "output": dict(action.output_schema)},
        "examples": [
            {"description": example.description, "example": example.yaml}
            for example in action.examples
        ],
        "supportsDryRun": action.supports_dry_run,
    }


def write_task(task: Task) -> dict[str, Any]:
    """Write a task, without its secrets."""
    return {
        "id": task.id,
        "status": task.status,
        "createdBy": task.created_by,
        "createdAt": format_time(task.created_at),
        "lastHeartbeatAt": _write_time(task.ended_at),
        "spec": {
            "parameters": dict(task.values),
            "steps": [{"id": s.id, "name": s.name, "action": s.action} for s in task.steps],
            "user": {"ref": task.created_by},
            "templateInfo": {"entityRef": task.template_ref},
        },
        "state": {"steps": [_write_step(step) for step in task.steps]},
        "output": write_output(task.output),
        "error": {"name": "Error", "message": task.error} if task.error else None,
    }


def write_events(task: Task, lines: Iterable[LogLine], *, after: int) -> list[dict[str, Any]]:
    """Write the log, followed by the end of the task."""
    events = [_write_line(task.id, line) for line in lines]
    if task.has_ended and not events:
        body = {"message": f"Run {task.status}", "status": task.status}
        body |= {"output": write_output(task.output)}
        if task.error:
            body |= {"error": {"name": "Error", "message": task.error}}
        events.append(
            {
                "id": after,
                "taskId": task.id,
                "type": "completion",
                "createdAt": _write_time(task.ended_at),
                "body": body,
            }
        )
    return events


def write_dry_run(run: DryRun) -> dict[str, Any]:
    """Write the result of a dry run."""
    return {
        "log": [{"body": _write_body(line)} for line in run.log],
        "steps": [_write_step(step) for step in run.steps],
        "directoryContents": [_write_file(file) for file in run.files],
        "output": write_output(run.output),
        "error": run.error or None,
    }


def _write_line(task_id: str, line: LogLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "taskId": task_id,
        "type": "log",
        "createdAt": format_time(line.at),
        "body": _write_body(line),
    }


def _write_body(line: LogLine) -> dict[str, Any]:
    step = {"stepId": line.step_id} if line.step_id else {}
    return {"message": line.message, "level": line.level, **step}


def _write_step(step: TaskStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": step.name,
        "action": step.action,
        "status": step.status,
        "startedAt": _write_time(step.started_at),
        "endedAt": _write_time(step.ended_at),
    }


def _write_file(file: DryRunFile) -> dict[str, Any]:
    return {"path": file.path, "size": file.size, "content": file.text}


def _write_time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
