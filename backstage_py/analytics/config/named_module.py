"""Modules that the configuration names, such as an analytics backend in the app's own folder."""

import importlib
import sys
from pathlib import Path
from types import ModuleType


def import_named(name: str) -> ModuleType:
    """Import a module of the app or of an installed package.

    The command `reflex` puts the working folder on the path only when it imports the app, which is
    after it has read the configuration.

    Raises:
        ImportError: If there is no such module, or it cannot be imported.
    """
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)
