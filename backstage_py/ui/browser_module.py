"""JavaScript and CSS beside the Python that uses them.

Linked into the app's assets as `rx.asset(shared=True)` does, which however reads the source of
every caller on the stack: at each file of the portal that adds up to a second of each start.
"""

import uuid
from pathlib import Path

import backstage_py

_ROOT = Path(backstage_py.__file__).resolve().parent.parent
_EXTERNAL = Path("assets", "external")


def browser_module(beside: str, name: str, *imported: str) -> str:
    """Where the browser's code imports a JavaScript file from.

    Args:
        beside: `__file__` of the Python module.
        name: The file, as seen from there.
        imported: Further files of ours, which it imports.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    place, *_ = [_link(Path(beside).parent / each) for each in (name, *imported)]
    return f"$/public/external/{place.as_posix()}"


def stylesheet(beside: str, name: str) -> str:
    """Where Reflex finds a CSS file, for `PortalPlugin.stylesheets`.

    Args:
        beside: `__file__` of the Python module.
        name: The file, as seen from there.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    return f"/external/{_link(Path(beside).parent / name).as_posix()}"


def _link(file: Path) -> Path:
    """Link a file where Reflex serves it from, in one step, since several processes may do it."""
    source = file.resolve(strict=True)
    place = source.relative_to(_root_of(source))
    link = Path.cwd() / _EXTERNAL / place
    if link.resolve() != source:
        link.parent.mkdir(parents=True, exist_ok=True)
        draft = link.with_name(f".{uuid.uuid4().hex}.tmp")
        draft.symlink_to(source)
        draft.replace(link)
    return place


def _root_of(source: Path) -> Path:
    """The folder that the package of a file is in; a plugin may be installed elsewhere than we."""
    if source.is_relative_to(_ROOT):
        return _ROOT
    folder = source.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder if folder != source.parent else folder.parent
