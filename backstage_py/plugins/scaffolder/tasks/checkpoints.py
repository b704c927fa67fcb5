"""The files of tasks between their steps, so that a run can go on where another one ended.

A run works on a copy of its own. After each step the copy is kept whole under the number of steps
that are done; what a step left half done is never gone on with.
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
        """Make a folder to work in, as it was after some steps; None if that is gone."""
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
        """Keep the state of the files after some steps, beside the one before."""
        part = work.with_name(f"{work.name}.part")
        _remove(part)
        shutil.copytree(work, part, symlinks=True)
        kept = self._find(task_id, done)
        _remove(kept)
        part.rename(kept)

    def forget_others(self, task_id: str, *, done: int) -> None:
        """Forget every other state, once it is sure that this one will be gone on from."""
        kept = self._find(task_id, done)
        for other in self._folder.joinpath(task_id).glob(f"{_AFTER}*"):
            if other != kept:
                _remove(other)

    def close(self, work: Path) -> None:
        """Forget the copy of a run."""
        _remove(work)

    def forget(self, task_id: str) -> None:
        """Forget all files of a task."""
        _remove(self._folder / task_id)

    def list_tasks(self, *, before: datetime) -> list[str]:
        """List the tasks whose files have not changed since a moment."""
        if not self._folder.is_dir():
            return []
        folders = (one for one in self._folder.iterdir() if one.is_dir())
        return sorted(one.name for one in folders if one.stat().st_mtime < before.timestamp())

    def _find(self, task_id: str, done: int) -> Path:
        return self._folder / task_id / f"{_AFTER}{done}"


def _remove(place: Path) -> None:
    if place.exists():
        shutil.rmtree(place)
