"""JavaScript and CSS beside the Python that uses them.

They are linked into the app's assets, like with `rx.asset(shared=True)`. That one reads the source
of every caller on the stack, which adds up to a second at each start of the portal.
"""

import uuid
from pathlib import Path

import backstage_py

_ROOT = Path(backstage_py.__file__).resolve().parent.parent
_EXTERNAL = Path("assets", "external")


def browser_module(beside: str, name: str, *imported: str) -> str:
    """The path from which the browser's code imports a JavaScript file.

    Args:
        beside: `__file__` of the Python module.
        name: The file's path relative to that module.
        imported: Further files of ours that it imports.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    place, *_ = [_link(Path(beside).parent / each) for each in (name, *imported)]
    return f"$/public/external/{place.as_posix()}"


def stylesheet(beside: str, name: str) -> str:
    """The path under which Reflex finds a CSS file, for `PortalPlugin.stylesheets`.

    Args:
        beside: `__file__` of the Python module.
        name: The file's path relative to that module.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    return f"/external/{_link(Path(beside).parent / name).as_posix()}"


def _link(file: Path) -> Path:
    """Link a file into the folder that Reflex serves, atomically: several processes may do so."""
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
    """The folder that contains a file's package; plugins may be installed in another one."""
    if source.is_relative_to(_ROOT):
        return _ROOT
    folder = source.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder if folder != source.parent else folder.parent
