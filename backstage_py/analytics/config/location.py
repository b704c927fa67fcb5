"""Where events are stored: the database, and the folder for other files.

The folder's name begins with a dot because Reflex leaves such folders alone: its file watcher does
not reload the app for them (`reflex.utils.exec.get_reload_paths`), and `reflex export` does not
pack them (`reflex.utils.build`).
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(".backstage_py")
EARLIER_FOLDER = Path("data")
"""The folder of releases before 0.2; used unchanged if their files are there."""
DATABASE = "backstage_py.db"
VARIABLES = ("BACKSTAGE_PY_DATABASE_URL", "DATABASE_URL")
"""The first is for this library alone; the second is often the app's own database."""

_EARLIER_FILES = (DATABASE, "session-secret")
_POSTGRESQL = ("postgres://", "postgresql://")


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The URL of the database, and the name of what set it, for error messages."""

    source: str
    url: str


_elsewhere: list[Path] = []


def keep_in(folder: str | None) -> None:
    """Store everything of this process in a folder, ignoring the environment; for tests."""
    _elsewhere[:] = [] if folder is None else [Path(folder)]


def data_folder() -> Path:
    """The folder for the library's files; `open_folder` creates it."""
    if _elsewhere:
        return _elsewhere[0]
    has_earlier = any((EARLIER_FOLDER / name).exists() for name in _EARLIER_FILES)
    return EARLIER_FOLDER if has_earlier and not FOLDER.exists() else FOLDER


def open_folder(folder: Path) -> Path:
    """Make a folder that only its owner can read, and that git ignores if it is ours.

    Raises:
        OSError: If it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if folder == FOLDER and not ignore.exists():
        ignore.write_text("# What people did in the app stays out of the repository.\n*\n")
    return folder


def database_url(environ: Mapping[str, str] = os.environ) -> DatabaseUrl:
    """The database to open: the one that a variable names, else SQLite in `data_folder`."""
    is_elsewhere = _elsewhere and environ is os.environ
    for name in () if is_elsewhere else VARIABLES:
        if given := environ.get(name):
            return DatabaseUrl(name, _with_driver(given))
    return DatabaseUrl(VARIABLES[0], f"sqlite:///{(data_folder() / DATABASE).as_posix()}")


def watched_paths(environ: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """The paths of an SQLite database that Reflex's file watcher would watch.

    The watcher takes folders and files at the top of the app's folder: a database in a subfolder
    gives that folder, one beside `rxconfig.py` its files.
    """
    root = Path.cwd().resolve()
    _, _, file = database_url(environ).url.partition("sqlite:///")
    kept = [root / data_folder() / "spool"]
    if file and not file.startswith((":memory:", "file:")):
        kept.append((root / file.partition("?")[0]).resolve())
    for path in kept:
        if path.parent == root:
            yield from root.glob(f"{path.name}*")
        elif path.is_relative_to(root):
            top = root / path.relative_to(root).parts[0]
            if top.exists() and not top.name.startswith("."):
                yield top


def _with_driver(url: str) -> str:
    """PostgreSQL by psycopg where the URL names no driver, as those of most hosts do."""
    scheme = next((one for one in _POSTGRESQL if url.startswith(one)), None)
    if scheme is None:
        return url
    driver = "postgresql+psycopg" if find_spec("psycopg") else "postgresql"
    return f"{driver}://{url.removeprefix(scheme)}"
