"""Finds an app's version where its author already declares it."""

import importlib.metadata
import tomllib
from pathlib import Path


def find_app_version(app_name: str, folder: Path = Path()) -> str | None:
    """The version in the folder's `pyproject.toml`, else of the installed package, or None."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        project = {}
    about = project.get("project")
    version = about.get("version") if isinstance(about, dict) else None
    if isinstance(version, str):
        return version
    try:
        return importlib.metadata.version(app_name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None
