"""The files of tasks between steps, so that a run can continue where another ended.

A run works on its own copy. After each step the copy is saved under the number of finished steps;
the files of a half-finished step are never reused.
"""

import shutil
from datetime import datetime
from pathlib import Path

_AFTER = "after-"


class Checkpoints:
    """The files of all tasks, below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, task_id: str, claim: str, *, done: int) -> Path | None:
        """Make a working folder with the files after some steps; None if they are gone."""
        work = self._folder / task_id / f"work-{claim}"
        kept = self._find(task_id, done)
        if done and not kept.is_dir():
            return None
        _remove(work)
        if done:
            shutil.copytree(kept, work, symlinks=True)
        else:
            work.mkdir(parents=True)
        return work

    def keep(self, task_id: str, work: Path, *, done: int) -> None:
        """Save the files after some steps, beside the previous state."""
        part = work.with_name(f"{work.name}.part")
        _remove(part)
        shutil.copytree(work, part, symlinks=True)
        kept = self._find(task_id, done)
        _remove(kept)
        part.rename(kept)

    def forget_others(self, task_id: str, *, done: int) -> None:
        """Delete all other states, once this one is certain to be used."""
        kept = self._find(task_id, done)
        for other in self._folder.joinpath(task_id).glob(f"{_AFTER}*"):
            if other != kept:
                _remove(other)

    def close(self, work: Path) -> None:
        """Delete the copy of a run."""
        _remove(work)

    def forget(self, task_id: str) -> None:
        """Delete all files of a task."""
        _remove(self._folder / task_id)

    def list_tasks(self, *, before: datetime) -> list[str]:
        """List the tasks whose files have not changed since a time."""
        if not self._folder.is_dir():
            return []
        folders = (one for one in self._folder.iterdir() if one.is_dir())
        return sorted(one.name for one in folders if one.stat().st_mtime < before.timestamp())

    def _find(self, task_id: str, done: int) -> Path:
        return self._folder / task_id / f"{_AFTER}{done}"


def _remove(place: Path) -> None:
    if place.exists():
        shutil.rmtree(place)
