"""Requests to the process that keeps the copy: files in the folder of the copy."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class FolderRequests:
    """See `Requests`; all methods raise OSError if the folder cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, request: Mapping[str, Any]) -> None:
        """Add a request; it is renamed into place, so that it is never read half written."""
        name = f"{uuid.uuid4().hex}.request"
        draft = self._folder / f"{name}.new"
        draft.write_text(json.dumps(dict(request)), encoding="utf-8")
        draft.rename(self._folder / name)

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        """All requests by the names of their files."""
        files = sorted(self._folder.glob("*.request"))
        return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}

    def remove(self, id_: str) -> None:
        """Remove a request that has been answered."""
        (self._folder / id_).unlink()
