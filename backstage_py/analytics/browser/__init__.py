"""The JavaScript of the library, and where it stands in the compiled app."""

from pathlib import Path

from reflex_base.utils.imports import ImportVar

_SOURCES = Path(__file__).parent
_FOLDER = Path("utils/backstage_py")

CONTEXT_MODULE = "$/utils/backstage_py/context"
LINK_MODULE = "$/utils/backstage_py/link"
NAVIGATION_MODULE = "$/utils/backstage_py/navigation"
ROUTES_FILE = _FOLDER / "routes.js"


def browser_modules() -> list[tuple[Path, str]]:
    """Each JavaScript file as (path in the web folder, content)."""
    return [
        (_FOLDER / source.name, source.read_text(encoding="utf-8"))
        for source in sorted(_SOURCES.glob("*.js"))
    ]


def imported(tag: str) -> ImportVar:
    """A named import of a module that is part of the app, not of npm."""
    return ImportVar(tag=tag, install=False)
